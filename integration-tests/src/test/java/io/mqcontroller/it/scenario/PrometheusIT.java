package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.Json;
import io.mqcontroller.it.cluster.Prometheus;
import io.mqcontroller.it.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators see of three controllers and a group with agents, through a real Prometheus. */
class PrometheusIT extends ClusterScenario {
    private Prometheus prometheus;

    PrometheusIT() {
        super(TestCluster.of("prometheus").agents(2).brokerKey("haMaxTimeSlaveNotCatchup", "3000"));
    }

    @BeforeAll
    void startPrometheus() {
        prometheus = Prometheus.start(
                cluster.folder(), cluster.controllers().nodes(), Checkout.root().resolve("conf/prometheus/rules.yml"));
        cluster.await("Prometheus is ready", 60, prometheus::isReady);
    }

    @AfterAll
    void stopPrometheus() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @Test
    void eachQueryOfTheBoardYieldsSomething() throws IOException {
        List<String> queries = new ArrayList<>();
        collectQueries(
                Json.parse(Files.readString(Checkout.root().resolve("conf/grafana/mqcontroller.json"))), queries);
        assertTrue(queries.size() > 30, queries.toString());
        cluster.awaitAllInSync();
        cluster.await("each query of the board yields something", 60, () -> silent(queries), List::isEmpty);
    }

    @Test
    void alarmRingsWhileAGroupHasNoMasterAndEndsWithIt() {
        awaitAlarm(false);
        Broker master = cluster.master();
        for (Broker broker : cluster.brokers()) {
            if (broker != master) {
                broker.process().kill();
            }
        }
        cluster.awaitGroup("the master is alone", 60, view -> view.inSync()
                .equals(Set.of(master.id().getAsLong())));
        master.process().kill();
        awaitAlarm(true);
        cluster.heal();
        awaitAlarm(false);
    }

    private void awaitAlarm(boolean rings) {
        String alarm = "BrokerGroupWithoutMaster";
        try {
            cluster.await(alarm + (rings ? " rings" : " is silent"), 60, () -> prometheus.rings(alarm) == rings);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + prometheus.describe(), e);
        }
    }

    private List<String> silent(List<String> queries) throws IOException {
        List<String> silent = new ArrayList<>();
        for (String query : queries) {
            if (prometheus.query(query).isEmpty()) {
                silent.add(query);
            }
        }
        return silent;
    }

    /** With Grafana's variables filled in as it fills them in. */
    private static void collectQueries(Object part, List<String> queries) {
        if (part instanceof Map<?, ?> object) {
            if (object.get("targets") instanceof List<?> targets) {
                for (Object target : targets) {
                    String query = (String) ((Map<?, ?>) target).get("expr");
                    queries.add(query.replace("$job", Prometheus.JOB).replace("$__rate_interval", "10s"));
                }
            }
            object.values().forEach(value -> collectQueries(value, queries));
        } else if (part instanceof List<?> list) {
            list.forEach(value -> collectQueries(value, queries));
        }
    }
}
