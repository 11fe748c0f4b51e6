package io.mqcontroller.raft.core;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Who belongs to the cluster, and who counts (§6). In force on a member from the moment when it stands in that member's log,
 * committed or not. Voters change in two steps: first to a <em>joint</em> configuration, where everything needs a majority of
 * the new and of the old voters, and when that is committed to the new one alone.
 *
 * <p>{@code members} are exactly {@code voters}, {@code outgoing} and {@code learners}; learners are in neither of the
 * others. Nobody in {@code removed} is a member.
 *
 * @param members everybody who gets the log
 * @param voters those whose majority decides
 * @param outgoing the old voters while the configuration is joint, whose majority decides as well; empty otherwise
 * @param learners get the log, and neither vote nor count
 * @param removed ids that were members once: never used again, so that what they said before cannot be taken for the word of
 *     somebody else
 */
public record Configuration(
        SortedMap<NodeId, ConfiguredMember> members,
        SortedSet<NodeId> voters,
        SortedSet<NodeId> outgoing,
        SortedSet<NodeId> learners,
        SortedSet<NodeId> removed) {
    /** Of a member that has not been told yet. */
    public static final Configuration NONE = bootstrap(List.of());

    public Configuration {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        voters = copyOf(voters);
        outgoing = copyOf(outgoing);
        learners = copyOf(learners);
        removed = copyOf(removed);
        SortedSet<NodeId> all = new TreeSet<>(voters);
        all.addAll(outgoing);
        if (!Collections.disjoint(all, learners)) {
            throw new IllegalArgumentException("a learner votes: " + learners + " and " + all);
        }
        all.addAll(learners);
        if (!all.equals(members.keySet())) {
            throw new IllegalArgumentException("the members are " + members.keySet() + ", those with a part " + all);
        }
        if (!Collections.disjoint(all, removed)) {
            throw new IllegalArgumentException("somebody was removed and is a member: " + removed + " and " + all);
        }
        if (voters.isEmpty() && !members.isEmpty()) {
            throw new IllegalArgumentException("members without a voter: " + members.keySet());
        }
    }

    private static SortedSet<NodeId> copyOf(SortedSet<NodeId> ids) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    /** The first configuration of a cluster: all of these vote. */
    public static Configuration bootstrap(List<ConfiguredMember> members) {
        SortedMap<NodeId, ConfiguredMember> byId = new TreeMap<>();
        members.forEach(member -> byId.put(member.id(), member));
        SortedSet<NodeId> voters = new TreeSet<>(byId.keySet());
        return new Configuration(byId, voters, new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    /** Likewise, of members whose addresses nobody needs to be told. */
    public static Configuration ofVoters(Iterable<NodeId> voters) {
        SortedMap<NodeId, ConfiguredMember> byId = new TreeMap<>();
        voters.forEach(id -> byId.put(id, ConfiguredMember.bootstrapped(id, "")));
        return bootstrap(List.copyOf(byId.values()));
    }

    /**
     * What an entry of kind {@link EntryKind#CONFIGURATION} holds.
     *
     * @throws LogDamagedException if it is not what this version or an older one writes
     */
    public static Configuration parse(Bytes written) {
        return ConfigurationFormat.read(written);
    }

    public boolean isJoint() {
        return !outgoing.isEmpty();
    }

    /** Whether this member may lead, and counts, in one of the two sets at least. */
    public boolean isVoter(NodeId id) {
        return voters.contains(id) || outgoing.contains(id);
    }

    public boolean isMember(NodeId id) {
        return members.containsKey(id);
    }

    /** Whether this member, with this store, is meant. */
    public boolean includes(NodeId id, long incarnation) {
        return isMember(id) && members.get(id).incarnation() == incarnation;
    }

    /** Whether those who satisfy {@code yes} are a majority: of both sets while joint. */
    boolean isMajority(Predicate<NodeId> yes) {
        return isMajorityOf(voters, yes) && (outgoing.isEmpty() || isMajorityOf(outgoing, yes));
    }

    private static boolean isMajorityOf(SortedSet<NodeId> set, Predicate<NodeId> yes) {
        int count = 0;
        for (NodeId id : set) {
            count += yes.test(id) ? 1 : 0;
        }
        return 2 * count > set.size();
    }

    /** The highest index that a majority has reached, given what each has reached: of both sets while joint. */
    long indexReachedByMajority(ToLongFunction<NodeId> reached) {
        long index = indexReachedByMajorityOf(voters, reached);
        return outgoing.isEmpty() ? index : Math.min(index, indexReachedByMajorityOf(outgoing, reached));
    }

    private static long indexReachedByMajorityOf(SortedSet<NodeId> set, ToLongFunction<NodeId> reached) {
        long[] indexes = set.stream().mapToLong(reached).sorted().toArray();
        return indexes[(indexes.length - 1) / 2];
    }

    // ---- the next configuration

    Configuration withLearner(ConfiguredMember added) {
        SortedMap<NodeId, ConfiguredMember> all = new TreeMap<>(members);
        all.put(added.id(), added);
        return new Configuration(all, voters, outgoing, changed(learners, set -> set.add(added.id())), removed);
    }

    Configuration withoutLearner(NodeId learner) {
        SortedMap<NodeId, ConfiguredMember> rest = new TreeMap<>(members);
        rest.remove(learner);
        return new Configuration(
                rest,
                voters,
                outgoing,
                changed(learners, set -> set.remove(learner)),
                changed(removed, set -> set.add(learner)));
    }

    /** The joint configuration on the way to other voters; those who come are learners now, or nobody. */
    Configuration jointWith(SortedSet<NodeId> newVoters) {
        return new Configuration(
                members, newVoters, voters, changed(learners, set -> set.removeAll(newVoters)), removed);
    }

    /** From joint to the new voters alone. Who was only among the old ones is a member no more. */
    Configuration withoutOutgoing() {
        SortedSet<NodeId> gone = changed(outgoing, set -> set.removeAll(voters));
        SortedMap<NodeId, ConfiguredMember> rest = new TreeMap<>(members);
        rest.keySet().removeAll(gone);
        return new Configuration(rest, voters, new TreeSet<>(), learners, changed(removed, set -> set.addAll(gone)));
    }

    /** @param change what it returns is of no interest */
    private static SortedSet<NodeId> changed(SortedSet<NodeId> set, Predicate<SortedSet<NodeId>> change) {
        SortedSet<NodeId> copy = new TreeSet<>(set);
        change.test(copy);
        return copy;
    }

    @Override
    public String toString() {
        return "voters " + voters
                + (isJoint() ? " and " + outgoing : "")
                + (learners.isEmpty() ? "" : ", learners " + learners);
    }
}
