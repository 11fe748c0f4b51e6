package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final Configuration ABC = Configuration.ofVoters(List.of(A, B, C));
    private static final ConfiguredMember NEW = new ConfiguredMember(D, "d:9878", 0x1122_3344_5566_7788L);

    /** The obvious way: try every index, count who has reached it. */
    private static long slowIndexReachedByMajority(SortedSet<NodeId> set, Map<NodeId, Long> reached) {
        long best = 0;
        for (long candidate = 0; candidate <= 40; candidate++) {
            int count = 0;
            for (NodeId id : set) {
                count += reached.get(id) >= candidate ? 1 : 0;
            }
            if (2 * count > set.size()) {
                best = candidate;
            }
        }
        return best;
    }

    private static SortedSet<NodeId> someOf(List<NodeId> all, Random random) {
        SortedSet<NodeId> some = new TreeSet<>();
        some.add(all.get(random.nextInt(all.size())));
        for (NodeId id : all) {
            if (random.nextBoolean()) {
                some.add(id);
            }
        }
        return some;
    }

    @Test
    void jointMajoritiesEqualTheSlowCount() {
        List<NodeId> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(new NodeId("n" + i));
        }
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            Configuration old = Configuration.ofVoters(someOf(all, random));
            Configuration withAll = old;
            for (NodeId id : all) {
                withAll = withAll.isMember(id) ? withAll : withAll.withLearner(new ConfiguredMember(id, "", 1));
            }
            Configuration joint = withAll.jointWith(someOf(all, random));
            Map<NodeId, Long> reached = new TreeMap<>();
            all.forEach(id -> reached.put(id, (long) random.nextInt(40)));
            long expected = Math.min(
                    slowIndexReachedByMajority(joint.voters(), reached),
                    slowIndexReachedByMajority(joint.outgoing(), reached));
            assertEquals(expected, joint.indexReachedByMajority(reached::get));
            assertEquals(slowIndexReachedByMajority(old.voters(), reached), old.indexReachedByMajority(reached::get));
            long threshold = random.nextInt(40);
            assertEquals(expected >= threshold, joint.isMajority(id -> reached.get(id) >= threshold));
        }
    }

    @Test
    void majorityIsMoreThanHalfOfEachSet() {
        assertFalse(ABC.isMajority(id -> id.equals(A)));
        assertTrue(ABC.isMajority(id -> !id.equals(A)));
        Configuration joint = ABC.withLearner(NEW).jointWith(new TreeSet<>(List.of(D)));
        assertFalse(joint.isMajority(id -> !id.equals(D)));
        assertFalse(joint.isMajority(id -> id.equals(D) || id.equals(A)));
        assertTrue(joint.isMajority(id -> !id.equals(A)));
    }

    @Test
    void aLearnerBecomesAVoterInTwoSteps() {
        Configuration learning = ABC.withLearner(NEW);
        assertEquals(new TreeSet<>(List.of(D)), learning.learners());
        assertFalse(learning.isVoter(D));
        Configuration joint = learning.jointWith(new TreeSet<>(List.of(A, B, C, D)));
        assertEquals(ABC.voters(), joint.outgoing());
        assertTrue(joint.learners().isEmpty());
        Configuration after = joint.withoutOutgoing();
        assertFalse(after.isJoint());
        assertEquals(new TreeSet<>(List.of(A, B, C, D)), after.voters());
        assertTrue(after.removed().isEmpty());
    }

    @Test
    void whoIsRemovedIsRemembered() {
        Configuration joint = ABC.withLearner(NEW).jointWith(new TreeSet<>(List.of(B, C, D)));
        assertTrue(joint.isMember(A));
        Configuration after = joint.withoutOutgoing();
        assertFalse(after.isMember(A));
        assertEquals(new TreeSet<>(List.of(A)), after.removed());
        assertEquals(
                new TreeSet<>(List.of(D)),
                ABC.withLearner(NEW).withoutLearner(D).removed());
    }

    @Test
    void anotherStoreOfTheSameIdIsNotMeant() {
        Configuration learning = ABC.withLearner(NEW);
        assertTrue(learning.includes(D, NEW.incarnation()));
        assertFalse(learning.includes(D, NEW.incarnation() + 1));
        assertFalse(learning.includes(A, 5));
        assertTrue(learning.includes(A, RecoveredState.BOOTSTRAPPED));
    }

    @Test
    void membersWithoutExactlyOnePartAreRefused() {
        SortedSet<NodeId> nobody = new TreeSet<>();
        SortedSet<NodeId> a = new TreeSet<>(List.of(A));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Configuration(ABC.members(), ABC.voters(), nobody, a, nobody));
        assertThrows(IllegalArgumentException.class, () -> new Configuration(ABC.members(), a, nobody, nobody, nobody));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Configuration(ABC.members(), ABC.voters(), nobody, nobody, a));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Configuration(ABC.members(), nobody, nobody, ABC.voters(), nobody));
    }

    @Test
    void bytesComeBackAsTheyWere() {
        Configuration joint = ABC.withLearner(NEW).jointWith(new TreeSet<>(List.of(B, C)));
        for (Configuration one : List.of(
                Configuration.NONE,
                ABC,
                ABC.withLearner(NEW),
                ABC.withLearner(NEW).withoutLearner(D),
                joint,
                joint.withoutOutgoing())) {
            assertEquals(one, ConfigurationFormat.read(ConfigurationFormat.write(one)));
        }
    }

    /** Logs and snapshots of version 1 hold these bytes. */
    @Test
    void theBytesOfVersion1AreAsTheyWere() {
        Configuration joint = ABC.withLearner(NEW).jointWith(new TreeSet<>(List.of(B, C)));
        Configuration after = joint.withoutOutgoing();
        String jointBytes = "01" + "0004" + "000161" + "0000" + "0000000000000000" + "02"
                + "000162" + "0000" + "0000000000000000" + "03"
                + "000163" + "0000" + "0000000000000000" + "03"
                + "000164" + "0006643a39383738" + "1122334455667788" + "04"
                + "0000";
        assertEquals(jointBytes, hex(ConfigurationFormat.write(joint)));
        String afterBytes = hex(ConfigurationFormat.write(after));
        assertEquals("0001" + "000161", afterBytes.substring(afterBytes.length() - 10));
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] bytes = ConfigurationFormat.write(ABC.withLearner(NEW)).toByteArray();
        for (int length = 0; length < bytes.length; length++) {
            Bytes cut = Bytes.wrap(java.util.Arrays.copyOf(bytes, length));
            assertThrows(LogDamagedException.class, () -> ConfigurationFormat.read(cut));
        }
        Bytes longer = Bytes.wrap(java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertThrows(LogDamagedException.class, () -> ConfigurationFormat.read(longer));
        bytes[0] = 2;
        assertThrows(LogDamagedException.class, () -> ConfigurationFormat.read(Bytes.wrap(bytes)));
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
