package io.mqcontroller.agent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the leader of the controllers and keeps the one connection, to it. A controller that does not lead says who does; one that
 * knows of none, or of one that does not answer, is stayed with for a while, for it says by itself when there is a leader. One that
 * says nothing is followed by the next address, at once, and with a pause after each round.
 */
final class LeaderSearch {
    private static final long MIN_PAUSE_MS = 50;
    private static final long MAX_PAUSE_MS = 500;

    /** For which a controller that does not answer is passed over: one that is frozen costs a second each time. */
    private static final long SILENT_FOR_MS = 3_000;

    private final Memory memory;
    private List<String> addresses = List.of();
    private int next;
    private String address = "";
    private long connection;
    private Standing standing = Standing.NONE;
    private long dueMs = Long.MAX_VALUE;
    private int dialsInRound;
    private long pauseMs = MIN_PAUSE_MS;

    /** Those that were lost or did not answer, and when that was. */
    private final SortedMap<String, Long> silentSinceMs = new TreeMap<>();

    private enum Standing {
        NONE,
        DIALING,
        /** With one that does not lead. */
        WAITING,
        WITH_LEADER
    }

    LeaderSearch(Memory memory) {
        this.memory = memory;
    }

    void start(List<String> resolved) {
        addresses = List.copyOf(resolved);
        dueMs = memory.nowMs;
    }

    /** The last good list is kept. */
    void onAddresses(List<String> resolved) {
        if (resolved.isEmpty()) {
            return;
        }
        addresses = List.copyOf(resolved);
        if (standing == Standing.NONE) {
            dueMs = Math.min(dueMs, memory.nowMs);
        }
    }

    boolean isWithLeader() {
        return standing == Standing.WITH_LEADER;
    }

    boolean isCurrent(long number) {
        return standing != Standing.NONE && number == connection;
    }

    long connection() {
        return connection;
    }

    String controller() {
        return standing == Standing.WITH_LEADER ? address : "";
    }

    long dueMs() {
        return dueMs;
    }

    /** True: the leader is found. */
    boolean onGreeted(AgentEvent.Greeted greeted) {
        if (!isCurrent(greeted.connection()) || standing == Standing.WITH_LEADER) {
            return false;
        }
        silentSinceMs.remove(address);
        boolean isNews = standing == Standing.WAITING;
        if (!greeted.leads()) {
            follow(greeted.leaderAddress(), isNews);
            return false;
        }
        standing = Standing.WITH_LEADER;
        dueMs = Long.MAX_VALUE;
        dialsInRound = 0;
        pauseMs = MIN_PAUSE_MS;
        memory.actions.note(AgentAction.Note.Kind.CONTROLLER, "with the leader at " + address);
        return true;
    }

    /** What a controller knows when it is asked may be the leader that is gone; what it says by itself is new. */
    private void follow(String leaderAddress, boolean isNews) {
        boolean isKnown = !leaderAddress.isEmpty() && !leaderAddress.equals(address);
        if (isKnown && (isNews || !isSilent(leaderAddress))) {
            moveTo(leaderAddress, address + " does not lead");
        } else if (!isNews) {
            standing = Standing.WAITING;
            dialsInRound = 0;
            pause();
        }
    }

    private boolean isSilent(String controller) {
        Long sinceMs = silentSinceMs.get(controller);
        return sinceMs != null && memory.nowMs - sinceMs < SILENT_FOR_MS;
    }

    private void pause() {
        dueMs = memory.nowMs + pauseMs;
        pauseMs = Math.min(MAX_PAUSE_MS, 2 * pauseMs);
    }

    /** Leaves this controller for the one that is said to lead, or for the next. */
    void moveTo(String leaderAddress, String why) {
        leave(why);
        if (leaderAddress.isEmpty() || leaderAddress.equals(address)) {
            dialNextOrPause();
        } else {
            dialOrPause(leaderAddress);
        }
    }

    void onLost(String why) {
        if (standing == Standing.WITH_LEADER) {
            memory.actions.note(AgentAction.Note.Kind.CONTROLLER, "lost " + address + ": " + why);
        }
        standing = Standing.NONE;
        silentSinceMs.put(address, memory.nowMs);
        dialNextOrPause();
    }

    /** It leaves a request unanswered. */
    void onSilent() {
        silentSinceMs.put(address, memory.nowMs);
        moveTo("", "it does not answer");
    }

    void stop() {
        leave("the agent stops");
        dueMs = Long.MAX_VALUE;
        addresses = List.of();
    }

    private void leave(String why) {
        if (standing == Standing.WITH_LEADER) {
            memory.actions.note(AgentAction.Note.Kind.CONTROLLER, "leaves " + address + ": " + why);
        }
        if (standing != Standing.NONE) {
            memory.actions.add(new AgentAction.HangUp(connection));
        }
        standing = Standing.NONE;
    }

    /** Dials when it is due, gives a dial up that takes too long. True if a connection was given up. */
    boolean advance() {
        if (memory.nowMs < dueMs) {
            return false;
        }
        if (standing == Standing.DIALING) {
            silentSinceMs.put(address, memory.nowMs);
            moveTo("", "no greeting from " + address);
            return true;
        }
        if (standing == Standing.WAITING) {
            moveTo("", address + " knows of no leader");
            return false;
        }
        if (standing == Standing.NONE) {
            dialsInRound = 0;
            dialNext();
        }
        return false;
    }

    private void dialNextOrPause() {
        if (addresses.isEmpty()) {
            dueMs = Long.MAX_VALUE;
            return;
        }
        dialOrPause(nextAddress());
    }

    private String nextAddress() {
        for (int i = 0; i < addresses.size(); i++) {
            String candidate = addresses.get((next + i) % addresses.size());
            if (!isSilent(candidate)) {
                next += i + 1;
                return candidate;
            }
        }
        return addresses.get(next++ % addresses.size());
    }

    private void dialNext() {
        if (addresses.isEmpty()) {
            dueMs = Long.MAX_VALUE;
            return;
        }
        dial(nextAddress());
    }

    /** A round is as many dials as there are addresses, and one more for a hint. */
    private void dialOrPause(String target) {
        if (dialsInRound <= addresses.size()) {
            dial(target);
            return;
        }
        pause();
    }

    private void dial(String target) {
        connection++;
        dialsInRound++;
        address = target;
        standing = Standing.DIALING;
        dueMs = memory.nowMs + memory.settings.requestTimeoutMs();
        memory.actions.add(new AgentAction.Dial(connection, target));
    }

    /** Addresses that controllers have told, beside those of the configuration. */
    void learn(List<String> told) {
        List<String> all = new ArrayList<>(addresses);
        told.stream().filter(a -> !a.isEmpty() && !all.contains(a)).forEach(all::add);
        addresses = List.copyOf(all);
    }
}
