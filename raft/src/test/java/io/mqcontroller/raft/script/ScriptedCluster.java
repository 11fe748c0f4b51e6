package io.mqcontroller.raft.script;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Members that do nothing but what they are told, in an order that the script decides. A link is a queue: {@code a->b}. Each
 * member has a clock of its own. Disks are fast, as long as nobody says otherwise. The commands:
 *
 * <pre>
 * setting NAME NUMBER    a value of the settings, before the cluster is made
 * cluster a b c          election timeout 1000 ms, heartbeats each 100 ms
 * log a 1 1 2 [seen 3]   what a recovers with: entries of these terms, and the newest term that it has seen
 * wait MS [a b]          the clocks go on, and tick once
 * tick a                 the clock ticks without going on
 * time-out a             the clock goes on by more than any election timeout
 * propose a NAME [AS n]  a command, as proposal n of the client if it is a repetition
 * read a NUMBER          asks for a linearizable read
 * transfer a b           a is asked to hand leadership to b
 * deliver [a->b ...]     what waits on these links arrives; without links: everything, until nothing waits
 * drop [a->b ...]        what waits on these links, or on all, is lost
 * cut a->b ... / mend    nothing more gets on these links; all links work again
 * slow-disk a, sync a, fast-disk a
 * crash a, restart a
 * join d                 a new member, with an empty disk
 * add a d, promote a d, remove a c, replace a c d
 *                        a is asked to change the members
 * status [a b], state [a b]
 * quietly COMMAND        shows outcomes, and neither messages nor writes
 * silently COMMAND       shows nothing
 * </pre>
 */
final class ScriptedCluster {
    private static final long ELECTION_TIMEOUT_MS = 1_000;
    private static final long CLIENT = 1;
    private static final long INCARNATION = 42;
    private static final String QUIETLY = "quietly";
    private static final String SILENTLY = "silently";
    private static final List<String> MANNERS = List.of(QUIETLY, SILENTLY);

    private final SortedMap<NodeId, ScriptedMember> members = new TreeMap<>();
    private final SortedMap<String, Deque<Message>> links = new TreeMap<>();
    private final TreeSet<String> cutLinks = new TreeSet<>();
    private final Map<String, Long> chosenSettings = new TreeMap<>();
    private final Map<NodeId, List<String>> recovered = new TreeMap<>();
    private List<String> lines = new ArrayList<>();
    private String manner = "";
    private long lastProposal;
    private long lastChange;

    /** Carries the commands out; returns what there is to be seen. */
    List<String> carryOut(List<String> commands) {
        lines = new ArrayList<>();
        for (String command : commands) {
            try {
                List<String> words =
                        new ArrayList<>(Arrays.asList(command.trim().split(" +")));
                manner = MANNERS.contains(words.get(0)) ? words.remove(0) : "";
                carryOut(words.get(0), words.subList(1, words.size()));
            } catch (RuntimeException e) {
                lines.add("error: " + e.getMessage());
            }
        }
        return lines;
    }

    private void carryOut(String command, List<String> arguments) {
        switch (command) {
            case "setting" -> chosenSettings.put(arguments.get(0), Long.parseLong(arguments.get(1)));
            case "log" -> recovered.put(new NodeId(arguments.get(0)), arguments.subList(1, arguments.size()));
            case "cluster" -> makeCluster(arguments);
            case "wait" ->
                passTime(Long.parseLong(arguments.get(0)), membersNamed(arguments.subList(1, arguments.size())));
            case "tick" -> passTime(0, membersNamed(arguments));
            case "time-out" -> passTime(2 * ELECTION_TIMEOUT_MS, membersNamed(arguments));
            case "deliver" -> deliver(arguments);
            case "drop" -> (arguments.isEmpty() ? new ArrayList<>(links.keySet()) : arguments).forEach(links::remove);
            case "cut" -> cutLinks.addAll(arguments);
            case "mend" -> cutLinks.clear();
            case "status" -> membersNamed(arguments).forEach(member -> lines.add(statusOf(member)));
            case "state" ->
                membersNamed(arguments).forEach(member -> lines.add(member.id() + ": [" + member.state() + "]"));
            case "join" -> join(new NodeId(arguments.get(0)));
            default -> carryOutAt(member(arguments.get(0)), command, arguments);
        }
    }

    private void carryOutAt(ScriptedMember member, String command, List<String> arguments) {
        switch (command) {
            case "propose" -> propose(member, arguments);
            case "read" -> member.step(new Event.ReadRequested(Long.parseLong(arguments.get(1))));
            case "transfer" -> member.step(new Event.TransferLeadership(Optional.of(new NodeId(arguments.get(1)))));
            case "slow-disk" -> member.slowDisk(true);
            case "sync" -> member.sync();
            case "fast-disk" -> {
                member.slowDisk(false);
                member.sync();
            }
            case "crash" -> member.crash();
            case "restart" -> {
                member.start();
                member.step(new Event.Tick());
            }
            default -> changeMembers(member, command, arguments);
        }
    }

    private void changeMembers(ScriptedMember member, String command, List<String> arguments) {
        NodeId who = new NodeId(arguments.get(1));
        MembershipChange change =
                switch (command) {
                    case "add" -> new MembershipChange.AddLearner(new ConfiguredMember(who, "", INCARNATION));
                    case "promote" -> new MembershipChange.Promote(who);
                    case "remove" -> new MembershipChange.Remove(who);
                    case "replace" -> new MembershipChange.Replace(who, new NodeId(arguments.get(2)));
                    default -> throw new IllegalArgumentException("nobody knows how to " + command);
                };
        member.step(new Event.ChangeMembership(++lastChange, change));
    }

    private void join(NodeId id) {
        ScriptedMember member = new ScriptedMember(settingsOf(id, Configuration.NONE), this::onEffect);
        members.put(id, member);
        member.join(INCARNATION);
        member.step(new Event.Tick());
    }

    private void makeCluster(List<String> names) {
        List<NodeId> ids = names.stream().map(NodeId::new).toList();
        for (NodeId id : ids) {
            members.put(id, new ScriptedMember(settingsOf(id, Configuration.ofVoters(ids)), this::onEffect));
        }
        recovered.forEach((id, terms) -> recover(members.get(id), terms));
        members.values().forEach(ScriptedMember::start);
        members.values().forEach(member -> member.step(new Event.Tick()));
        lines.clear();
    }

    private static void recover(ScriptedMember member, List<String> words) {
        int seen = words.indexOf("seen");
        List<Long> terms = words.subList(0, seen < 0 ? words.size() : seen).stream()
                .map(Long::parseLong)
                .toList();
        member.recoverWith(terms, seen < 0 ? terms.get(terms.size() - 1) : Long.parseLong(words.get(seen + 1)));
    }

    /** The defaults, with what the script has chosen by name: settings that no script mentions may come and go. */
    private RaftSettings settingsOf(NodeId self, Configuration bootstrap) {
        RaftSettings defaults = RaftSettings.defaults(self, bootstrap, ELECTION_TIMEOUT_MS);
        try {
            RecordComponent[] components = RaftSettings.class.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Long chosen = chosenSettings.get(components[i].getName());
                values[i] = chosen == null
                        ? components[i].getAccessor().invoke(defaults)
                        : types[i] == int.class ? (Object) chosen.intValue() : chosen;
            }
            return RaftSettings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void passTime(long ms, List<ScriptedMember> whose) {
        for (ScriptedMember member : whose) {
            member.goOn(ms);
            member.step(new Event.Tick());
        }
    }

    private void propose(ScriptedMember member, List<String> arguments) {
        boolean repeated = arguments.size() > 2;
        long number = repeated ? Long.parseLong(arguments.get(3)) : ++lastProposal;
        member.step(new Event.Proposed(new ProposalId(CLIENT, number), Bytes.utf8(arguments.get(1))));
    }

    private void deliver(List<String> chosen) {
        if (!chosen.isEmpty()) {
            chosen.forEach(this::deliverAllOn);
            return;
        }
        while (!links.isEmpty()) {
            new ArrayList<>(links.keySet()).forEach(this::deliverAllOn);
        }
    }

    /** What waits there now; what follows from it waits for its turn. */
    private void deliverAllOn(String link) {
        Deque<Message> waiting = links.remove(link);
        String[] ends = link.split("->");
        if (waiting == null) {
            throw new IllegalArgumentException("nothing waits on " + link);
        }
        for (Message message : waiting) {
            member(ends[1]).step(new Event.Received(new NodeId(ends[0]), message));
        }
    }

    private void onEffect(ScriptedMember member, Effect effect) {
        boolean shown = manner.isEmpty() || manner.equals(QUIETLY) && Wording.isOutcome(effect);
        if (shown) {
            Wording.of(member.id(), effect).ifPresent(lines::add);
        }
        if (effect instanceof Effect.Send send) {
            String link = member.id() + "->" + send.to();
            if (!cutLinks.contains(link)) {
                links.computeIfAbsent(link, any -> new ArrayDeque<>()).add(send.message());
            }
        }
    }

    private ScriptedMember member(String name) {
        ScriptedMember member = members.get(new NodeId(name));
        if (member == null) {
            throw new IllegalArgumentException("there is no member " + name);
        }
        return member;
    }

    private List<ScriptedMember> membersNamed(List<String> names) {
        return names.isEmpty()
                ? List.copyOf(members.values())
                : names.stream().map(this::member).toList();
    }

    private static String statusOf(ScriptedMember member) {
        if (!member.isRunning()) {
            return member.id() + ": down";
        }
        RaftStatus status = member.status();
        return member.id() + ": " + status.role() + " of term " + status.term()
                + status.leader().map(leader -> ", leader " + leader).orElse(", no leader") + ", log ends at "
                + status.last() + ", committed " + status.commitIndex() + ", applied " + status.appliedIndex();
    }
}
