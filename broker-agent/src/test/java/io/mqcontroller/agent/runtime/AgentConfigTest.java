package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.LeaseMode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
    private static final AgentConfig.Host HOST =
            new AgentConfig.Host("c", "b", "10.0.0.1:10911", "10.0.0.1:10912", Path.of("brokerIdentity"));

    @Test
    void defaultsAreRocketMqsAndALeaseOfTwoSeconds() {
        AgentConfig config = AgentConfig.of(HOST, properties(Map.of("controllerAddr", "h1:9878; h2:9878;")));
        assertEquals(List.of("h1:9878", "h2:9878"), config.controllers());
        assertEquals(AgentSettings.defaults("c", "b", "10.0.0.1:10911", "10.0.0.1:10912"), config.settings());
        assertEquals(35_000, config.relaySendsAtStopMs(), "longer than producers take to find a new master");
    }

    @Test
    void passingSendsOnAtTheStopCanBeTurnedOff() {
        AgentConfig config =
                AgentConfig.of(HOST, properties(Map.of("controllerAddr", "h:1", "relaySendsAtStopMillis", "0")));
        assertEquals(0, config.relaySendsAtStopMs());
    }

    @Test
    void aZoneIsANameAndNeedNotBeGiven() {
        assertEquals(
                "",
                AgentConfig.of(HOST, properties(Map.of("controllerAddr", "h:1")))
                        .zone());
        Map<String, String> given = Map.of("controllerAddr", "h:1", "brokerZone", " eu-central-1a ");
        assertEquals("eu-central-1a", AgentConfig.of(HOST, properties(given)).zone());
        assertEquals(
                1,
                AgentConfig.mistakes(properties(Map.of("controllerAddr", "h:1", "brokerZone", "rack 1")))
                        .size());
    }

    @Test
    void rocketMqsNamesAreUnderstood() {
        AgentSettings settings = AgentConfig.of(
                        HOST,
                        properties(Map.of(
                                "controllerAddr", "h:1",
                                "brokerHeartbeatInterval", "200",
                                "controllerHeartBeatTimeoutMills", "10000",
                                "brokerElectionPriority", "3",
                                "asyncLearner", "true",
                                "masterLeaseMillis", "1500",
                                "masterLeaseMode", "Strict",
                                "haMaxTimeSlaveNotCatchup", "4000",
                                "syncBrokerMetadataPeriod", "700",
                                "checkSyncStateSetPeriod", "800")))
                .settings();
        assertEquals(200, settings.heartbeatIntervalMs());
        assertEquals(10_000, settings.heartbeatTimeoutMs());
        assertEquals(3, settings.priority());
        assertEquals(true, settings.learner());
        assertEquals(1_500, settings.leaseMs());
        assertEquals(LeaseMode.STRICT, settings.leaseMode());
        assertEquals(4_000, settings.haMaxTimeSlaveNotCatchupMs());
        assertEquals(700, settings.syncBrokerMetadataPeriodMs());
        assertEquals(800, settings.checkSyncStateSetPeriodMs());
    }

    @Test
    void aShortLeaseTakesItsHeartbeatAndTimeoutWithIt() {
        AgentSettings settings = AgentConfig.of(
                        HOST, properties(Map.of("controllerAddr", "h:1", "masterLeaseMillis", "400")))
                .settings();
        assertEquals(100, settings.heartbeatIntervalMs());
        assertEquals(400, settings.heartbeatTimeoutMs());
    }

    @Test
    void aHeartbeatThatIsTooSlowForTheLeaseIsMadeFasterAndSaid() {
        AgentConfig config =
                AgentConfig.of(HOST, properties(Map.of("controllerAddr", "h:1", "brokerHeartbeatInterval", "1000")));
        assertEquals(666, config.settings().heartbeatIntervalMs());
        assertEquals(1, config.notices().size());
    }

    @Test
    void theSampleIsRight() throws IOException {
        Properties sample = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("..", "conf", "broker.conf"))) {
            sample.load(reader);
        }
        assertEquals("true", sample.getProperty("enableControllerMode"));
        assertEquals(List.of(), AgentConfig.mistakes(sample));
        sample.setProperty("masterLeaseMillis", "2s");
        sample.setProperty("controllerAddr", "here");
        assertEquals(2, AgentConfig.mistakes(sample).size());
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> AgentConfig.of(
                        HOST,
                        properties(Map.of(
                                "controllerAddr", "h1",
                                "asyncLearner", "yes",
                                "masterLeaseMode", "brave",
                                "masterLeaseMillis", "3"))));
        assertEquals(
                """
                controllerAddr is host:port of each controller, separated by semicolons; not "h1"
                masterLeaseMillis is a whole number from 300 to 60000, not "3"
                asyncLearner is true or false, not "yes"
                masterLeaseMode is safe, available or strict, not "brave\"""",
                refused.getMessage());
    }

    @Test
    void withoutControllersNothingStarts() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> AgentConfig.of(HOST, new Properties()));
        assertEquals(
                "controllerAddr is missing: host:port of each controller, separated by semicolons",
                refused.getMessage());
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
