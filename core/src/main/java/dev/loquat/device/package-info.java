/**
 * The devices of this machine and what they can hold: discovery and memory queries, the cores and
 * the native heap that backends share, and how sizes of memory are written.
 *
 * <p>Knows no model and no backend; a device map knows layers by their numbers. Nothing here runs a
 * model; whether a backend can use a device is the backend's answer.
 */
@NullMarked
package dev.loquat.device;

import org.jspecify.annotations.NullMarked;
