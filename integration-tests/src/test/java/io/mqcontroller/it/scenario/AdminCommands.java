package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.AdminSession;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import java.util.LinkedHashMap;
import java.util.Map;

/** All commands of mqadmin that have to do with controllers, and what they print, on a group of two brokers. */
final class AdminCommands {
    /** Apache's tool cannot read Apache's answer: ids as bare keys, and members where it does not look for them. */
    static final String ANSWER_APACHE_CANNOT_READ = "elect the slave";

    /** Apache's controller forgets a group whose master takes writes; ours does not. */
    static final String REFUSED_BY_US = "clean all that lives";

    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final TestCluster cluster;
    private final AdminSession admin;
    private final String controller;

    private AdminCommands(TestCluster cluster, AdminSession admin) {
        this.cluster = cluster;
        this.admin = admin;
        controller = cluster.controllers().addresses();
    }

    /** What each command printed, by step; with one controller of this kind, and all of Apache's of one release. */
    static Map<String, String> run(String release, ControllerKind kind) {
        try (TestCluster cluster = TestCluster.of("admin-" + kind.name().toLowerCase())
                        .kind(kind)
                        .version(release)
                        .controllers(1)
                        .start();
                AdminSession admin = new AdminSession(
                        release, cluster.folder(), cluster.nameServer().address())) {
            return new AdminCommands(cluster, admin).all();
        }
    }

    private Map<String, String> all() {
        GroupView view = cluster.awaitAllInSync();
        long master = view.master().orElseThrow();
        long slave =
                view.inSync().stream().filter(id -> id != master).findFirst().orElseThrow();
        look();
        elect(master, slave);
        configure();
        clean(master);
        return outputs;
    }

    private void look() {
        step("metadata", "getControllerMetaData", "-a", controller);
        step("metadata from nobody", "getControllerMetaData", "-a", "127.0.0.1:1");
        step("set", "getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP);
        step("sets of the cluster", "getSyncStateSet", "-a", controller, "-c", Broker.CLUSTER);
        step("set of an unknown group", "getSyncStateSet", "-a", controller, "-b", "nobody");
        step("epochs", "getBrokerEpoch", "-b", TestCluster.GROUP);
        step("epochs of the cluster", "getBrokerEpoch", "-c", Broker.CLUSTER);
        cluster.brokers()
                .forEach(broker ->
                        step("replication of " + broker.id().orElseThrow(), "haStatus", "-b", broker.address()));
        step("replication of the cluster", "haStatus", "-c", Broker.CLUSTER);
    }

    private void elect(long master, long slave) {
        step("elect the master", elect(TestCluster.GROUP, master));
        step("elect a stranger", elect(TestCluster.GROUP, 99));
        step("elect in an unknown group", elect("nobody", 1));
        step(ANSWER_APACHE_CANNOT_READ, elect(TestCluster.GROUP, slave));
        cluster.awaitGroup(
                "the slave is master and has its slave",
                60,
                now -> now.isMaster(slave) && now.inSync().size() == 2);
        step("set after the election", "getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP);
    }

    private void configure() {
        String[] change = {"updateControllerConfig", "-a", controller, "-k", "enableElectUncleanMaster", "-v", "true"};
        step("config", "getControllerConfig", "-a", controller);
        step("update", change);
        step("config after update", "getControllerConfig", "-a", controller);
        step("update a forbidden key", "updateControllerConfig", "-a", controller, "-k", "configStorePath", "-v", "/x");
        step("update one that does not answer", "updateControllerConfig", "-a", "127.0.0.1:1", "-k", "a", "-v", "b");
    }

    private void clean(long oldMaster) {
        step("clean the living", clean(TestCluster.GROUP, Long.toString(oldMaster)));
        step("clean nonsense", clean(TestCluster.GROUP, "1;x"));
        step("clean an unknown group", clean("nobody", "1"));
        cluster.broker(oldMaster).process().kill();
        cluster.awaitGroup(
                "the dead slave has left",
                60,
                now -> !now.alive().contains(oldMaster) && !now.inSync().contains(oldMaster));
        step("clean the dead", clean(TestCluster.GROUP, Long.toString(oldMaster)));
        step("set after cleaning", "getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP);
        step(REFUSED_BY_US, "cleanBrokerMetadata", "-a", controller, "-bn", TestCluster.GROUP, "-l");
    }

    private void step(String name, String... command) {
        String[] options = new String[command.length - 1];
        System.arraycopy(command, 1, options, 0, options.length);
        outputs.put(name, admin.run(command[0], options));
    }

    private String[] elect(String group, long id) {
        return new String[] {
            "electMaster", "-a", controller, "-b", Long.toString(id), "-bn", group, "-c", Broker.CLUSTER
        };
    }

    private String[] clean(String group, String ids) {
        return new String[] {"cleanBrokerMetadata", "-a", controller, "-bn", group, "-b", ids, "-c", Broker.CLUSTER};
    }
}
