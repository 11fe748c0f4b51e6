package io.mqcontroller.raft.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever is to find broken promises must find these. */
class PromisesTest {
    private final Promises promises = new Promises();

    private List<String> brokenAfter(String... lines) {
        for (String line : lines) {
            int space = line.indexOf(' ');
            promises.onLine(new NodeId(line.substring(0, space)), line.substring(space + 1));
        }
        return promises.broken();
    }

    @Test
    void lifeWithoutABrokenPromise() {
        assertEquals(
                List.of(),
                brokenAfter(
                        "n0 recovered 0 - 0",
                        "n0 ready",
                        "n0 vote 1 n1",
                        "n0 vote 1 n1",
                        "n1 role LEADER 1",
                        "n0 holds 1 5",
                        "n0 holds 1 9",
                        "n0 holds 1 7",
                        "n0 recovered 1 n1 9",
                        "n0 vote 2 n0",
                        "n0 recovered 2 n0 9",
                        "n0 role LEADER 2"));
        assertEquals(3, promises.votesSeen());
    }

    @Test
    void aLaterLeaderMayCutOffWhatAnEarlierOneHadNotCommitted() {
        assertEquals(List.of(), brokenAfter("n0 holds 1 9", "n0 holds 2 5", "n0 recovered 2 - 5"));
        assertEquals(List.of(), brokenAfter("n1 holds 1 9", "n1 recovered 2 - 5"));
    }

    @Test
    void twoVotesInATerm() {
        assertEquals(List.of("n0 voted for n1 and for n2 in term 3"), brokenAfter("n0 vote 3 n1", "n0 vote 3 n2"));
    }

    @Test
    void aVoteThatIsForgotten() {
        assertEquals(
                List.of("n0 came back with a vote for - in term 3, but voted for n1"),
                brokenAfter("n0 vote 3 n1", "n0 recovered 3 - 0"));
    }

    @Test
    void aTermThatIsForgotten() {
        assertEquals(
                List.of("n0 came back in term 2 from term 3", "n1 came back in term 1 from term 2"),
                brokenAfter("n0 vote 3 n1", "n0 recovered 2 n0 0", "n1 holds 2 1", "n1 recovered 1 - 1"));
    }

    @Test
    void entriesThatAreForgotten() {
        assertEquals(
                List.of("n0 came back with a log up to 8, but said that it holds 9"),
                brokenAfter("n0 holds 3 9", "n0 recovered 3 - 8"));
    }

    @Test
    void twoLeadersOfATerm() {
        assertEquals(
                List.of("n0 and n1 both led term 4"),
                brokenAfter("n0 role LEADER 4", "n1 role FOLLOWER 4", "n1 role LEADER 4"));
    }
}
