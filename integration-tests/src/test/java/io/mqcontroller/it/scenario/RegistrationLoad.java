package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** New groups without a pause, each asked for until a leader has acknowledged it; what was acknowledged must be there in the end. */
final class RegistrationLoad implements AutoCloseable {
    static final String CLUSTER = "load";

    /** Without a leader there is no hurry: the controllers need the machine more. */
    private static final long TRY_AGAIN_AFTER_MS = 20;

    private static final AtomicInteger LOADS = new AtomicInteger();

    private final ControllerCluster controllers;
    /** Groups that an earlier load has registered would cost the controllers nothing. */
    private final String names = "load" + LOADS.incrementAndGet() + "-";

    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "registration-load");

    RegistrationLoad(ControllerCluster controllers) {
        this.controllers = controllers;
        thread.start();
    }

    private void run() {
        for (int i = 0; !ended.get(); i++) {
            String group = names + i;
            while (!ended.get() && !isAcknowledged(group)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TRY_AGAIN_AFTER_MS));
            }
        }
    }

    private boolean isAcknowledged(String group) {
        Optional<ControllerNode> leader = controllers.leader();
        if (leader.isEmpty()) {
            return false;
        }
        try (ControllerClient client = new ControllerClient(leader.get().address())) {
            Answer answer = client.applyBrokerId(CLUSTER, group, 1, "127.0.0.1:1;1");
            if (answer.code() == 0) {
                acknowledged.add(group);
            }
            return answer.code() == 0;
        } catch (IOException notNow) {
            return false;
        }
    }

    void awaitMore(int count) {
        int enough = acknowledged.size() + count;
        Awaitility.await(count + " more registrations are acknowledged")
                .atMost(Duration.ofSeconds(60))
                .until(() -> acknowledged.size() >= enough);
    }

    /** Ends the load, and returns what was acknowledged and is not there. */
    List<String> lost() throws IOException {
        close();
        try (ControllerClient client = controllers.connectToLeader()) {
            return acknowledged.stream()
                    .filter(group -> isMissing(client, group))
                    .toList();
        }
    }

    /** An id that was taken is taken for everybody else. */
    private static boolean isMissing(ControllerClient client, String group) {
        try {
            return client.nextBrokerId(CLUSTER, group).number("nextBrokerId") != 2;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** A group that is registered. */
    String anyGroup() {
        return acknowledged.get(0);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    @Override
    public void close() {
        ended.set(true);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
