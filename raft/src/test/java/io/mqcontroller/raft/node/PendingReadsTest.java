package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PendingReadsTest {
    private static final ReadResult NOT_LEADER = new ReadResult.NotLeader(Optional.empty());
    private static final ReadResult READY = new ReadResult.Ready(7);

    private final List<String> answers = new ArrayList<>();
    private final PendingReads reads = new PendingReads(2, RaftListener.NONE);

    @Test
    void readersOfOneTurnShareAQuestion() {
        add("a");
        add("b");
        assertEquals(OptionalLong.of(1), reads.ask());
        assertEquals(OptionalLong.empty(), reads.ask());
        reads.end(1, READY);
        assertEquals(List.of("a " + READY, "b " + READY), answers);
    }

    @Test
    void moreReadersThanMayWaitAreRefusedAtOnceAlsoWhenTheOthersHaveBeenAskedFor() {
        add("a");
        reads.ask();
        add("b");
        reads.ask();
        add("c");
        assertEquals(List.of("c " + NOT_LEADER), answers);
        assertEquals(OptionalLong.empty(), reads.ask());
    }

    @Test
    void anAnswerMakesRoom() {
        add("a");
        add("b");
        reads.ask();
        reads.end(1, READY);
        answers.clear();
        add("c");
        assertEquals(List.of(), answers);
        assertEquals(OptionalLong.of(2), reads.ask());
    }

    @Test
    void atTheEndNobodyIsLeftWithoutAnAnswer() {
        add("a");
        reads.ask();
        add("b");
        reads.endAll();
        assertEquals(List.of("a " + NOT_LEADER, "b " + NOT_LEADER), answers);
    }

    @Test
    void aQuestionIsAnsweredOnce() {
        add("a");
        reads.ask();
        reads.end(1, READY);
        reads.end(1, NOT_LEADER);
        assertEquals(List.of("a " + READY), answers);
    }

    private void add(String who) {
        reads.add(result -> answers.add(who + " " + result));
    }
}
