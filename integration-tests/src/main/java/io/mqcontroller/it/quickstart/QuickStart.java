package io.mqcontroller.it.quickstart;

import io.mqcontroller.it.check.NothingAcknowledgedIsLost;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.List;

/**
 * Three controllers, a name server and two real brokers on this machine; a real producer sends all the time while the master
 * is killed, and, where the brokers have the agent, while the next one is frozen. Shows who was master, when it was noticed,
 * who was elected, when messages were taken again, and that none is lost. Exit code 0 if all went well.
 */
public final class QuickStart {
    private static final String TOPIC = "quickstart";
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 100;
    private static final int SEND_TIMEOUT_MS = 500;

    private final Timeline timeline = new Timeline();
    private final boolean keep;
    private final boolean agents;

    private QuickStart(boolean keep, boolean agents) {
        this.keep = keep;
        this.agents = agents;
    }

    public static void main(String[] arguments) throws InterruptedException {
        List<String> options = List.of(arguments);
        boolean allWell = new QuickStart(options.contains("--keep"), options.contains("--agent")).run();
        System.exit(allWell ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        timeline.say(
                "starting 3 controllers, a name server and 2 Apache RocketMQ 5.5.0 brokers%s",
                agents ? " with our agent" : "");
        try (TestCluster cluster = TestCluster.of("quickstart")
                .kind(ControllerKind.OURS)
                .agents(agents ? 2 : 0)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .start()) {
            showGroup(cluster, cluster.awaitAllInSync());
            boolean allWell = failOverUnderLoad(cluster);
            if (keep) {
                showWhereToLook(cluster);
                // Ended by Ctrl-C: then processes and files go too.
                Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
                Thread.currentThread().join();
            }
            timeline.say("stopping everything");
            return allWell;
        }
    }

    private boolean failOverUnderLoad(TestCluster cluster) {
        String nameServer = cluster.nameServer().address();
        List<String> brokers = cluster.brokers().stream().map(Broker::address).toList();
        ClientProcess.createTopic(cluster.folder(), nameServer, TOPIC, QUEUES, brokers);
        try (ClientProcess producer =
                ClientProcess.producer(cluster.folder(), nameServer, TOPIC, "m", RATE_PER_S, SEND_TIMEOUT_MS)) {
            cluster.await("messages flow", 60, () -> acknowledged(producer) > 3 * RATE_PER_S);
            timeline.say(
                    "a producer sends %d messages a second; %d acknowledged so far",
                    RATE_PER_S, acknowledged(producer));
            failOver(cluster, producer, Fault.KILLED, "kill -9 of the master");
            if (agents) {
                // Without an agent it would take the heartbeat's ten seconds, unknown to the old master.
                failOver(cluster, producer, Fault.FROZEN, "SIGSTOP of the master");
            }
            return nothingIsLost(cluster, producer);
        }
    }

    private void failOver(TestCluster cluster, ClientProcess producer, Fault fault, String what) {
        Failover failover = new Failover(cluster, fault);
        timeline.say(
                "%s: broker %d, %s, pid %d",
                what,
                failover.before().master().orElseThrow(),
                failover.oldMaster().address(),
                failover.oldMaster().process().pid());
        failover.strike(() -> {});
        GroupView elected = failover.awaitElection(60);
        failover.awaitWritable(() -> sends(producer), 60);
        timeline.after(failover.noticedMs(), "the controllers have noticed");
        timeline.after(
                failover.electedMs(),
                "broker %d is master, masterEpoch %d",
                elected.master().orElseThrow(),
                elected.masterEpoch());
        timeline.after(failover.writableMs(), "the first message sent after it is acknowledged");

        GroupView healed = failover.heal(120);
        timeline.say(
                "the old master %s: slave and in the SyncStateSet after %d ms",
                fault == Fault.FROZEN ? "goes on (SIGCONT)" : "was started again", failover.backInSetMs());
        showGroup(cluster, healed);
    }

    private boolean nothingIsLost(TestCluster cluster, ClientProcess producer) {
        producer.finish();
        List<Send> sends = sends(producer);
        List<Stored> stored = Stored.parse(
                ClientProcess.read(cluster.folder(), cluster.nameServer().address(), TOPIC));
        List<String> violations = NothingAcknowledgedIsLost.violations(sends, stored);
        long acknowledged = sends.stream().filter(Send::isAcknowledged).count();
        long lost = violations.stream()
                .filter(violation -> violation.startsWith(NothingAcknowledgedIsLost.LOST))
                .count();
        long failed = sends.size() - acknowledged;
        timeline.say(
                "%d messages acknowledged, %d failed at the time of the switch, all read back: %d of %d lost",
                acknowledged, failed, violations.size(), acknowledged);
        violations.stream().limit(10).forEach(violation -> timeline.line("  %s", violation));
        return violations.isEmpty();
    }

    private void showGroup(TestCluster cluster, GroupView view) {
        timeline.say(
                "group %s: master is broker %d, masterEpoch %d, SyncStateSet %s; controller %s leads",
                TestCluster.GROUP,
                view.master().orElseThrow(),
                view.masterEpoch(),
                view.inSync(),
                cluster.controllers().leader().map(ControllerNode::id).orElse("?"));
    }

    private void showWhereToLook(TestCluster cluster) {
        ControllerNode node = cluster.controllers()
                .leader()
                .orElse(cluster.controllers().nodes().get(0));
        String admin = "ROCKETMQ_HOME=" + cluster.folder() + " java -cp '" + Checkout.rocketMq("5.5.0")
                + "' org.apache.rocketmq.tools.command.MQAdminStartup";
        timeline.line("");
        timeline.line("Everything goes on until Ctrl-C. Files and logs: %s", cluster.folder());
        cluster.brokers()
                .forEach(broker -> timeline.line(
                        "  broker %s: %s, pid %d",
                        broker.id().orElse(0),
                        broker.address(),
                        broker.process().pid()));
        cluster.controllers()
                .nodes()
                .forEach(controller -> timeline.line(
                        "  controller %s: %s, pid %d, http://127.0.0.1:%d/metrics",
                        controller.id(),
                        controller.address(),
                        controller.process().pid(),
                        controller.httpPort()));
        timeline.line("Look around:");
        timeline.line("  in a browser: http://127.0.0.1:%d/", node.httpPort());
        String mqctl = Checkout.operatorLauncher() + " --endpoints " + node.address();
        timeline.line("  %s status", mqctl);
        timeline.line("  %s group describe %s", mqctl, TestCluster.GROUP);
        timeline.line("  %s events --inputs", mqctl);
        timeline.line("  curl 'http://127.0.0.1:%d/readyz?verbose'", node.httpPort());
        timeline.line(
                "  %s getControllerMetaData -n %s -a %s",
                admin, cluster.nameServer().address(), node.address());
        timeline.line(
                "  %s getSyncStateSet -n %s -a %s -b %s",
                admin, cluster.nameServer().address(), node.address(), TestCluster.GROUP);
    }

    private static List<Send> sends(ClientProcess producer) {
        return Send.parse(producer.lines());
    }

    private static long acknowledged(ClientProcess producer) {
        return sends(producer).stream().filter(Send::isAcknowledged).count();
    }
}
