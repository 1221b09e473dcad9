package dev.loquat.testkit.mutation;

import dev.loquat.backend.BackendProvider;
import java.util.function.Supplier;

/** A wrong backend, and a test of the contract that fails for it. */
enum Mutation {
  NONE(BackendMutations::right, ""),
  FORGETS_FIRST_POSITION(
      () -> BackendMutations.sessions(SessionMutations::forgetsFirstPosition),
      "decodingRowByRowEqualsPrefill"),
  SHARES_SLOTS_OF_NEIGHBOURS(
      () -> BackendMutations.sessions(SessionMutations::sharesSlotsOfNeighbours),
      "slotsThatTakeNoPartKeepTheirContents"),
  SORTS_ROWS_BY_SLOT(
      () -> BackendMutations.sessions(SessionMutations::sortsRowsBySlot),
      "rowsMayComeInAnyOrderOfSlots"),
  READS_THE_NEXT_ROW(
      () -> BackendMutations.sessions(SessionMutations::readsTheNextRow),
      "promptMatchesTheReferenceAtAllPositions"),
  DRAWS_FROM_ALL_TOKENS(
      () -> BackendMutations.sessions(SessionMutations::drawsFromAllTokens),
      "drawsTokensAsTheirLogitsSay"),
  DRAWS_WITHOUT_TEMPERATURE(
      () -> BackendMutations.sessions(SessionMutations::drawsWithoutTemperature),
      "drawsTokensAsTheirLogitsSay"),
  DRAWS_WITHOUT_TOP_P(
      () -> BackendMutations.sessions(SessionMutations::drawsWithoutTopP),
      "drawsTheLastTokenThatTopPKeeps"),
  DRAWS_WITH_LESS_MIN_P(
      () -> BackendMutations.sessions(SessionMutations::drawsWithLessMinP),
      "drawsTheLastTokenThatMinPKeeps"),
  DRAWS_WITH_A_LESSER_NUMBER(
      () -> BackendMutations.sessions(SessionMutations::drawsWithALesserNumber),
      "drawsTheTokenInWhoseShareTheNumberFalls"),
  CLAMPS_TOKENS(
      () -> BackendMutations.sessions(SessionMutations::clampsTokens),
      "refusesATokenOutsideTheVocabulary"),
  SKIPS_ROWS_WITHOUT_LOGITS(
      () -> BackendMutations.sessions(SessionMutations::skipsRowsWithoutLogits),
      "prefillChunksAndDecodesShareOneBatch"),
  NEVER_GOES_BACK(
      () -> BackendMutations.sessions(SessionMutations::neverGoesBack),
      "goesOnFromAnEarlierPosition"),
  COPIES_NOTHING(
      () -> BackendMutations.sessions(SessionMutations::copiesNothing),
      "copiedSequenceAndItsSourceGoDifferentWays"),
  SESSION_IGNORES_CLOSE(
      () -> BackendMutations.sessions(SessionMutations::ignoresClose), "closedSessionRefusesWork"),
  READS_WEIGHTS_LATE(BackendMutations::readsWeightsLate, "needsNoOpenCheckpointOnceItIsOpen"),
  CLAIMS_EVERY_DEVICE(BackendMutations::claimsEveryDevice, "saysThatAnAbsentDeviceIsUnsupported"),
  FALLS_BACK_TO_CPU(BackendMutations::fallsBackToCpu, "refusesToOpenOnAnAbsentDevice"),
  FORGETS_THE_REQUEST(
      () -> BackendMutations.backends(BackendMutations::forgetsTheRequest),
      "reportsTheRequestedPrecision"),
  FORGETS_THE_CACHE(BackendMutations::forgetsTheCache, "holdsTheKvCacheAsAskedOrSaysWhatItDoes"),
  OPENS_ANY_CACHE(BackendMutations::opensAnyCache, "holdsTheKvCacheAsAskedOrSaysWhatItDoes"),
  SHARES_ONE_SESSION(
      () -> BackendMutations.backends(BackendMutations::sharesOneSession),
      "sessionsOfOneBackendAreIndependent"),
  EMPTIES_TOO_MUCH(
      () -> BackendMutations.backends(BackendMutations::emptiesTooMuch),
      "emptyCacheKeepsTheContentsOfSlots"),
  CLEARS_THE_NEXT_SLOT(
      () -> BackendMutations.sessions(SessionMutations::clearsTheNextSlot),
      "clearedSlotStartsAnewBesideOthersThatStay"),
  CLOSES_ONLY_ONCE(
      () -> BackendMutations.backends(BackendMutations::closesOnlyOnce), "closeTwiceIsFine"),
  LEAKS_BYTES(
      () -> BackendMutations.backends(BackendMutations::leaksBytes),
      "allocatedBytesCountWeightsUntilClose"),
  COUNTS_NO_CACHE(
      () -> BackendMutations.backends(BackendMutations::countsNoCache),
      "ownersAddUpToWhatIsAllocated"),
  SHIFTS_HIDDEN_STATES(
      () -> BackendMutations.parts(SessionMutations::shiftsHiddenStates),
      "rowsOfAStepKeepTheirOwnHiddenStates"),
  OVERLAPS_PARTS(BackendMutations::overlapsParts, "modelCutAtAnyLayerMatchesTheReference"),
  OVERLOOKS_SLIDING_WINDOW(
      () -> BackendMutations.models(WrongModel::withoutSlidingWindow), Mutation.MODELS),
  OVERLOOKS_INPUT_BIAS(
      () -> BackendMutations.models(WrongModel::withoutInputBias), Mutation.MODELS),
  OVERLOOKS_ROTARY_SCALING(
      () -> BackendMutations.models(WrongModel::withoutRotaryScaling), Mutation.MODELS),
  OVERLOOKS_MLP_BIAS(() -> BackendMutations.models(WrongModel::withoutMlpBias), Mutation.MODELS);

  private static final String MODELS = "everyModelMatchesTheReferenceOrIsDeclaredUnsupported";

  @SuppressWarnings("ImmutableEnumChecker") // the suppliers have no state
  private final Supplier<BackendProvider> provider;

  private final String noticedBy;

  Mutation(Supplier<BackendProvider> provider, String noticedBy) {
    this.provider = provider;
    this.noticedBy = noticedBy;
  }

  BackendProvider provider() {
    return provider.get();
  }

  /** The test that must fail. */
  String noticedBy() {
    return noticedBy;
  }
}
