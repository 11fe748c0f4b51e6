package io.mqcontroller.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLC finds nothing wrong with the specifications, and what is wrong when one rule is broken. */
class SpecificationTest {
    private static final String ALL_CORES = "auto";
    /** Two run at a time, and the first violation is the same each time. */
    private static final String ONE_CORE = "1";

    private static final long MINUTES = 10;
    private static final long MINUTES_FOR_LARGE = 600;
    private static final String NO_MUTANT = "Mutant = \"none\"";

    /** The floor is what was found once: a specification that allows less, or nothing at all, holds easily. */
    @ParameterizedTest
    @CsvSource({
        "Raft,           raft,                      11000",
        "Raft,           raft-membership,           45000",
        "MasterElection, master-election,           37000",
        "MasterElection, master-election-all-acks,  26000",
    })
    void holds(String module, String model, long leastStates) throws IOException, InterruptedException {
        holds(Tlc.check(Path.of(""), module, configuration(model), ONE_CORE, MINUTES), leastStates);
    }

    /** {@code -Dspec.large=MODEL} looks at a model with large bounds, which takes minutes or hours. */
    @Test
    void holdsWithLargeBounds() throws IOException, InterruptedException {
        String model = System.getProperty("spec.large", "");
        assumeFalse(model.isEmpty(), "not asked for");
        String module = model.startsWith("raft") ? "Raft" : "MasterElection";
        holds(Tlc.check(Path.of(""), module, configuration(model), ALL_CORES, MINUTES_FOR_LARGE), 1);
    }

    @ParameterizedTest
    @CsvSource({
        "Raft, raft-from-figure-8,      CommitOldTermByCount,       LeaderCompleteness",
        "Raft, raft,                    VoteForgotten,              OneLeaderPerTerm",
        "Raft, raft,                    AcknowledgeBeforeSync,      LeaderCompleteness",
        "Raft, raft,                    LeaderCountsUnsynced,       LeaderCompleteness",
        "Raft, raft-three-terms,        VoteForShorterLog,          LeaderCompleteness",
        "Raft, raft-membership-joins,   JointIsOneMajority,         LeaderCompleteness",
        "Raft, raft-membership-joins,   NotJoint,                   ChangesOneAtATime",
        "Raft, raft-membership-joins,   ChangesOverlap,             ChangesOneAtATime",
        "Raft, raft-membership-joins,   EndBeforeJointIsCommitted,  LeaderCompleteness",
        "MasterElection, master-election-small,          LeaseNotWaitedFor,      OnlyTheNewestAcknowledges",
        "MasterElection, master-election-small,          NewLeaderForgetsLeases, OnlyTheNewestAcknowledges",
        "MasterElection, master-election-small,          PromiseForgotten,       OnlyTheNewestAcknowledges",
        "MasterElection, master-election-small,          PeerConfirmsOldMaster,  OnlyTheNewestAcknowledges",
        "MasterElection, master-election-small-all-acks, ShrinkAtOnce,           NothingAcknowledgedIsLost",
        "MasterElection, master-election-small-all-acks, JoinsBehind,            NothingAcknowledgedIsLost",
        "MasterElection, master-election-small-all-acks, ElectOutsideTheSet,     RecordsFollow",
    })
    void brokenRuleIsFound(String module, String model, String mutant, String violated)
            throws IOException, InterruptedException {
        String configuration = configuration(model).replace(NO_MUTANT, "Mutant = \"" + mutant + "\"");
        Tlc.Result result = Tlc.check(Path.of(""), module, configuration, ONE_CORE, MINUTES);
        assertEquals(violated, result.violated().orElse("nothing"), result.output());
    }

    private static void holds(Tlc.Result result, long leastStates) {
        assertTrue(result.violated().isEmpty() && result.complete(), result.output());
        assertTrue(result.distinctStates() >= leastStates, result.output());
        System.out.println(result.distinctStates() + " distinct states");
    }

    private static String configuration(String model) throws IOException {
        String configuration = Files.readString(Path.of("models", model + ".cfg"));
        assertTrue(configuration.contains(NO_MUTANT), model + " is about a mutant");
        return configuration;
    }
}
