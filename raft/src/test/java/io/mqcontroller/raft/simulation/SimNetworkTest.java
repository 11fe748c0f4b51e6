package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
    private static final int SENT = 1_000;

    private final SimClock time = new SimClock();
    private final List<Long> arrived = new ArrayList<>();

    @Test
    void losesAboutAsMuchAsThePlanSays() {
        sendAll(network(300, 0, false));
        assertTrue(arrived.size() > 600 && arrived.size() < 800, () -> arrived.size() + " of " + SENT);
    }

    @Test
    void carriesSomeMessagesTwice() {
        sendAll(network(0, 100, false));
        assertTrue(arrived.size() > SENT + 50 && arrived.size() < SENT + 200, () -> arrived.size() + " of " + SENT);
        assertEquals(SENT, arrived.stream().distinct().count());
    }

    @Test
    void keepsTheOrderOnlyIfThePlanSaysSo() {
        sendAll(network(0, 0, true));
        assertEquals(inOrder(), arrived);
        arrived.clear();
        sendAll(network(0, 0, false));
        assertNotEquals(inOrder(), arrived);
        assertEquals(inOrder(), arrived.stream().sorted().toList());
    }

    @Test
    void carriesNothingOverACutAndAllTheOtherWay() {
        SimNetwork network = network(0, 0, true);
        network.cutOneWay(0, 1);
        sendAll(network);
        assertEquals(List.of(), arrived);
        send(network, 1, 0, 7);
        runAll();
        assertEquals(List.of(7L), arrived);
    }

    @Test
    void losesInACutWhatIsUnderWay() {
        SimNetwork network = network(0, 0, true);
        send(network, 0, 1, 1);
        network.cutBothWays(0, 1);
        runAll();
        assertEquals(List.of(), arrived);
    }

    @Test
    void carriesAllOnceAndInOrderWhenHealed() {
        SimNetwork network = network(900, 900, false);
        network.cutBothWays(0, 1);
        network.heal();
        sendAll(network);
        assertEquals(inOrder(), arrived);
    }

    private SimNetwork network(int lossPermille, int duplicatePermille, boolean ordered) {
        FaultPlan.Network plan = new FaultPlan.Network(lossPermille, duplicatePermille, 0, 10, 5_000, ordered);
        return new SimNetwork(time, new Chance(42), plan, 2);
    }

    private void sendAll(SimNetwork network) {
        for (int i = 0; i < SENT; i++) {
            send(network, 0, 1, i);
        }
        runAll();
    }

    private void runAll() {
        boolean more = true;
        while (more) {
            more = time.runNext();
        }
    }

    private static List<Long> inOrder() {
        return LongStream.range(0, SENT).boxed().toList();
    }

    private void send(SimNetwork network, int from, int to, long term) {
        network.send(from, to, new Message.TimeoutNow(term), message -> arrived.add(message.term()));
    }
}
