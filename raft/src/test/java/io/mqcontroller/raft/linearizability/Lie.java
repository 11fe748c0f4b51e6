package io.mqcontroller.raft.linearizability;

import static io.mqcontroller.raft.linearizability.CorrectHistory.A;
import static io.mqcontroller.raft.linearizability.CorrectHistory.B;
import static io.mqcontroller.raft.linearizability.CorrectHistory.C;
import static io.mqcontroller.raft.linearizability.CorrectHistory.E;
import static io.mqcontroller.raft.linearizability.CorrectHistory.F;

import io.mqcontroller.raft.linearizability.KeyValueStore.Command;
import java.util.List;
import java.util.function.Consumer;

/** What a broken service could have answered in the scene of a {@link CorrectHistory}. */
enum Lie {
    STALE_READ(scene -> answer(scene, 4, B)),
    VERY_STALE_READ(scene -> answer(scene, 4, A)),
    SWAPPED_RESULTS(scene -> {
        answer(scene, 2, C);
        answer(scene, 4, B);
    }),
    READ_OF_THE_INITIAL_VALUE(scene -> answer(scene, 2, 0)),
    READ_OF_UNWRITTEN(scene -> answer(scene, 2, 999)),
    READ_FROM_THE_FUTURE(scene -> answer(scene, 2, F)),
    WRITE_THAT_NOBODY_ASKED_FOR(scene -> scene.remove(1)),
    ACKNOWLEDGED_WRITE_LOST(scene -> answer(scene, 2, A)),
    ACKNOWLEDGED_CHANGE_LOST(scene -> answer(scene, 7, B)),
    EFFECT_TWICE(scene -> answer(scene, 11, E)),
    EFFECT_OF_UNKNOWN_WRITE_UNDONE(scene -> answer(scene, 9, C)),
    TWO_WINNERS(scene -> answer(scene, 5, KeyValueStore.DONE)),
    FALSE_SUCCESS(scene -> answer(scene, 12, KeyValueStore.DONE)),
    FALSE_REFUSAL(scene -> answer(scene, 3, KeyValueStore.REFUSED)),
    OLD_AFTER_NEW(scene -> {
        answer(scene, 9, F);
        answer(scene, 10, E);
    }),
    WRITE_SEEN_BEFORE_IT_WAS_CALLED(scene -> {
        Operation<Command, Long> write = scene.get(8);
        long later = scene.get(11).returned() + 1;
        scene.set(8, Operation.answered(write.client(), write.input(), F, later, later + 1));
    });

    private final Consumer<List<Operation<Command, Long>>> change;

    Lie(Consumer<List<Operation<Command, Long>>> change) {
        this.change = change;
    }

    /** Changes the scene at the beginning of {@code scene}. */
    void tellIn(List<Operation<Command, Long>> scene) {
        change.accept(scene);
    }

    private static void answer(List<Operation<Command, Long>> scene, int number, long answer) {
        scene.set(number, scene.get(number).answering(answer));
    }
}
