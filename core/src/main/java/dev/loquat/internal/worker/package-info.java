/**
 * Replicas in processes of their own: the messages between this process and theirs, both ends of
 * the connection, and how a process is started. Values cross as records, written component by
 * component; nothing that arrives names a class. Knows no backend.
 */
@NullMarked
package dev.loquat.internal.worker;

import org.jspecify.annotations.NullMarked;
