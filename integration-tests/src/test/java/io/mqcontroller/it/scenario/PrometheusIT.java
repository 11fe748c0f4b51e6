package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.Browser;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.Json;
import io.mqcontroller.it.cluster.Prometheus;
import io.mqcontroller.it.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators see of three controllers and a group with agents, through a real Prometheus and a real browser. */
class PrometheusIT extends ClusterScenario {
    private static final Path CONSOLE_PASSWORD_FILE =
            Checkout.root().resolve("integration-tests/src/test/resources/console-password");

    private Prometheus prometheus;

    PrometheusIT() {
        super(TestCluster.of("prometheus")
                .agents(2)
                .brokerKey("haMaxTimeSlaveNotCatchup", "3000")
                .controllerKey("consolePasswordFile", CONSOLE_PASSWORD_FILE.toString()));
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

    @Test
    void theConsoleShowsAFailoverWithoutReloading() throws IOException {
        cluster.awaitAllInSync();
        ControllerNode leader = cluster.controllers().awaitLeader();
        Broker master = cluster.master();
        long before = master.id().getAsLong();
        try (Browser browser = Browser.open(cluster.folder(), pageOf(leader));
                ConsoleScreenshots screenshots = ConsoleScreenshots.ifWanted(browser, cluster.controllers())) {
            cluster.await("the page shows the group", 60, () -> rowOf(browser), row -> row.startsWith("ok " + before));
            browser.evaluate("document.body.dataset.opened = 'once'");

            master.process().kill();
            GroupView after = cluster.awaitGroup(
                    "another master", 60, view -> view.master().isPresent() && !view.isMaster(before));
            long elected = after.master().getAsLong();
            cluster.await("the page shows it", 60, () -> rowOf(browser), row -> row.contains(" " + elected + " · "));
            cluster.await(
                    "and how it came",
                    60,
                    () -> browser.text("#events"),
                    events -> events.contains("master " + before + " → " + elected));
            cluster.heal();
            cluster.await("all is well again", 60, () -> rowOf(browser), row -> row.startsWith("ok " + elected));
            assertEquals("once", browser.evaluate("document.body.dataset.opened"), "the page was loaded again");

            browser.press("/");
            browser.type(TestCluster.GROUP);
            browser.press("Enter");
            cluster.await(
                    "the keyboard finds and opens the group",
                    60,
                    () -> browser.text("#detail"),
                    detail -> detail.contains("LAST HEARTBEAT") || detail.contains("Last heartbeat"));
            browser.click("#sign-in");
            browser.type("only for tests");
            browser.click("dialog button.main");
            String switchOver = "[data-action=switch-over-" + before + "]:not([disabled])";
            cluster.await("who is signed in may switch over", 60, () -> !browser.text(switchOver)
                    .isEmpty());
            screenshots.take();
            browser.click(switchOver);
            browser.click("dialog button.main");
            cluster.await("it is done", 60, () -> rowOf(browser), row -> row.contains(" " + before + " · "));
            browser.press("Escape");
            assertEquals("grid", browser.evaluate("document.activeElement.id"));
            assertEquals(List.of(), browser.complaints());

            ControllerNode follower = cluster.controllers().nodes().stream()
                    .filter(node -> node != leader)
                    .findFirst()
                    .orElseThrow();
            browser.show(pageOf(follower));
            cluster.await(
                    "a follower says who leads",
                    60,
                    () -> browser.text("#banner"),
                    banner -> banner.startsWith(leader.id() + " leads. This is " + follower.id()));
            cluster.await(
                    "and links to its page",
                    60,
                    () -> browser.evaluate("document.querySelector('#banner a')?.href"),
                    pageOf(leader)::equals);
        }
    }

    private static String pageOf(ControllerNode node) {
        return "http://" + node.host().at(node.httpPort()) + "/";
    }

    /** The group's state, the id of its master and so on, as they stand in the list. */
    private static String rowOf(Browser browser) {
        return (String) browser.evaluate("[...document.querySelectorAll('#canvas .row')]"
                + ".filter((row) => row.children[1].innerText.startsWith('" + TestCluster.GROUP + "'))"
                + ".map((row) => row.children[0].innerText + ' ' + row.children[2].innerText).join()");
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
