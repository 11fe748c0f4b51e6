package io.mqcontroller.controller.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String ONE_OF_THREE =
            """
            controllerDLegerGroup = group1
            controllerDLegerPeers = n0-127.0.0.1:9877;n1-127.0.0.1:9878;n2-127.0.0.1:9879
            controllerDLegerSelfId = n1
            """;

    @TempDir
    Path folder;

    @Test
    void aFileOfApachesControllerWorksUnchanged() throws Exception {
        Loaded loaded = load(
                """
                enableControllerInNamesrv = true
                controllerDLegerGroup = group1
                controllerDLegerPeers = n0-127.0.0.1:9877;n1-127.0.0.1:9878;n2-127.0.0.1:9879
                controllerDLegerSelfId = n0
                controllerStorePath = /home/admin/DledgerController
                enableElectUncleanMaster = false
                notifyBrokerRoleChanged = true
                scanNotActiveBrokerInterval=5000
                listenPort=19876
                """);

        assertEquals("group1", loaded.config().cluster());
        assertEquals(new NodeId("n0"), loaded.config().self());
        assertEquals(
                List.of("127.0.0.1:9877", "127.0.0.1:9878", "127.0.0.1:9879"),
                loaded.config().members().values().stream()
                        .map(HostPort::toString)
                        .toList());
        assertEquals(Path.of("/home/admin/DledgerController"), loaded.config().store());
        assertEquals(9877, loaded.config().network().port());
        assertFalse(loaded.live().enableElectUncleanMaster());
        assertTrue(loaded.live().notifyBrokerRoleChanged());
        assertEquals(1, loaded.notices().size(), "one line for all keys without meaning");
        for (String key : List.of("enableControllerInNamesrv", "scanNotActiveBrokerInterval", "listenPort")) {
            assertTrue(loaded.notices().get(0).contains(key), loaded.notices().get(0));
        }
    }

    @Test
    void defaultsAreThoseOfTheDocuments() throws Exception {
        Loaded loaded = load(ONE_OF_THREE);

        assertEquals(Path.of("/home/of/user/DLedgerController"), loaded.config().store());
        assertEquals(
                new ControllerConfig.Http("0.0.0.0", 9881, true, Optional.empty(), false, false),
                loaded.config().http());
        assertEquals(
                new ControllerConfig.Network("0.0.0.0", 9878, 120, 20_000),
                loaded.config().network());
        assertEquals(
                new ControllerConfig.Raft(1000, 100, 50_000, 64L << 20),
                loaded.config().raft());
        assertEquals(loaded.config().members(), loaded.config().advertised());
        assertEquals(50, loaded.config().brokerConnectionLossGraceMs());
    }

    @Test
    void anEmptyStoreIsOfANewClusterUnlessTheFileSaysThatItJoinsOne() throws Exception {
        assertFalse(load(ONE_OF_THREE).config().joins());
        assertFalse(load(ONE_OF_THREE + "controllerInitialClusterState=new\n")
                .config()
                .joins());
        assertTrue(load(ONE_OF_THREE + "controllerInitialClusterState=existing\n")
                .config()
                .joins());
    }

    @Test
    void theSpellingDLedgerIsUnderstood() throws Exception {
        Loaded loaded = load(ONE_OF_THREE.replace("DLeger", "DLedger"));

        assertEquals(new NodeId("n1"), loaded.config().self());
    }

    @Test
    void bothSpellingsAtOnceAreAMistake() {
        assertMistakes(ONE_OF_THREE + "controllerDLedgerGroup=group2\n", "controllerDLegerGroup is given twice");
    }

    @Test
    void oneKeyTwiceInAFileIsAMistake() {
        assertMistakes(ONE_OF_THREE + "httpListenPort=1000\nhttpListenPort=1001\n", "httpListenPort is given twice");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestName() {
        assertMistakes(
                ONE_OF_THREE + "enableElectUncleanMasters=true\nhttpPort=9990\n",
                "did you mean enableElectUncleanMaster?",
                "did you mean httpListenPort?");
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        assertMistakes(
                """
                controllerDLegerGroup = two words
                controllerDLegerPeers = n0-127.0.0.1;n1-127.0.0.1:9878
                enableElectUncleanMaster = yes
                raftElectionTimeoutMs = soon
                brokerConnectionLossGraceMs = -1
                """,
                "controllerDLegerGroup=two words",
                "member \"n0-127.0.0.1\"",
                "enableElectUncleanMaster=yes",
                "must be true or false",
                "raftElectionTimeoutMs=soon",
                "brokerConnectionLossGraceMs=-1",
                "must be from 0 to 60000 ms",
                "controllerDLegerSelfId is missing");
    }

    @Test
    void valuesThatDoNotGoTogetherAreReportedBesideValuesThatAreWrong() {
        assertMistakes(
                ONE_OF_THREE.replace("SelfId = n1", "SelfId = n7") + "enableElectUncleanMaster=nein\n",
                "controllerDLegerSelfId=n7: must be one of the ids",
                "must be true or false");
        assertMistakes(
                ONE_OF_THREE + "raftHeartbeatIntervalMs=500\nhttpListenPort=http\n",
                "must be at most a third",
                "httpListenPort=http");
    }

    @Test
    void peersThatShareAnIdOrAnAddressAreRefused() {
        assertMistakes(ONE_OF_THREE.replace("n2-127.0.0.1:9879", "n1-127.0.0.1:9879"), "id n1 is given twice");
        assertMistakes(
                ONE_OF_THREE.replace("n2-127.0.0.1:9879", "n2-127.0.0.1:9878"),
                "address 127.0.0.1:9878 is given to two members");
    }

    @Test
    void selfMustBeOneOfThePeers() {
        assertMistakes(
                ONE_OF_THREE.replace("SelfId = n1", "SelfId = n9"), "must be one of the ids in controllerDLegerPeers");
    }

    @Test
    void heartbeatsMustLeaveRoomForTwoLostOnes() {
        assertMistakes(
                ONE_OF_THREE + "raftElectionTimeoutMs=300\nraftHeartbeatIntervalMs=101\n",
                "raftHeartbeatIntervalMs=101: must be at most a third of raftElectionTimeoutMs=300");
    }

    @Test
    void aLoopbackAddressIsNotToldToBrokersOfAClusterOnSeveralMachines() {
        String peers = "n0-10.0.0.1:9877;n1-10.0.0.2:9877;n2-10.0.0.3:9877";
        String severalMachines =
                "controllerDLegerGroup=g\ncontrollerDLegerSelfId=n1\ncontrollerDLegerPeers=" + peers + "\n";
        assertMistakes(
                severalMachines.replace("10.0.0.2", "127.0.0.1"),
                "controllerDLegerPeers: n1-127.0.0.1:9877 is out of reach for brokers on other machines");
        assertMistakes(
                severalMachines + "controllerAdvertisedPeers=" + peers.replace("10.0.0.3", "localhost") + "\n",
                "controllerAdvertisedPeers: n2-localhost:9877 is out of reach");
        assertMistakes(
                severalMachines + "controllerAdvertisedPeers=n0-10.0.0.1:9877\n",
                "controllerAdvertisedPeers: must name the same ids");
    }

    @Test
    void anAddressToListenOnIsNoAddressToDial() {
        assertMistakes(ONE_OF_THREE.replace("n1-127.0.0.1", "n1-0.0.0.0"), "can't be dialled");
    }

    @Test
    void httpNeedsAPortOfItsOwn() {
        assertMistakes(ONE_OF_THREE + "httpListenPort=9878\n", "httpListenPort=9878");
        assertMistakes(
                ONE_OF_THREE + "httpListenPort=9877\n", "httpListenPort=9877: is the port for peers and brokers of n0");
    }

    @Test
    void controllersOnOneMachineHaveAnHttpPortEachWithoutAKeyForIt() throws Exception {
        List<String> ids = List.of("n0", "n1", "n2");
        for (int i = 0; i < ids.size(); i++) {
            Loaded loaded = load(ONE_OF_THREE.replace("SelfId = n1", "SelfId = " + ids.get(i)));
            assertEquals(9880 + i, loaded.config().http().port());
        }
        assertTrue(
                load(ONE_OF_THREE).live().explained().contains("# follows from controllerDLegerPeers"),
                load(ONE_OF_THREE).live().explained());
        assertEquals(
                9880,
                load(ONE_OF_THREE + "httpListenPort=9880\n").config().http().port());
        assertEquals(
                9880,
                load(ONE_OF_THREE.replace("n1-127.0.0.1", "n1-127.0.0.2"))
                        .config()
                        .http()
                        .port());
    }

    @Test
    void hostNamesMayHaveDashesAndIpv6AddressesStandInBrackets() throws Exception {
        Loaded loaded = load(
                """
                controllerDLegerGroup = g
                controllerDLegerPeers = n0-mq-controller-0.mq-controller:9877; n1-[fd00::1]:9877
                controllerDLegerSelfId = n1
                """);

        assertEquals(
                "mq-controller-0.mq-controller",
                loaded.config().members().get(new NodeId("n0")).host());
        assertEquals("fd00::1", loaded.config().members().get(new NodeId("n1")).host());
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws Exception {
        Loaded loaded = ConfigLoader.load(
                Optional.of(file(ONE_OF_THREE)),
                Map.of(
                        "MQCONTROLLER_CONTROLLERDLEGERSELFID", "n2",
                        "MQCONTROLLER_httpListenPort", "1234",
                        "MQCONTROLLER_SERVICE_HOST", "10.1.2.3",
                        "PATH", "/bin"),
                "/home/of/user");

        assertEquals(new NodeId("n2"), loaded.config().self());
        assertEquals(1234, loaded.config().http().port());
        assertEquals(1, loaded.notices().size());
        assertTrue(loaded.notices().get(0).contains("MQCONTROLLER_SERVICE_HOST"));
    }

    @Test
    void theEffectiveConfigurationSaysWhereEachValueCameFrom() throws Exception {
        Loaded loaded = ConfigLoader.load(
                Optional.of(file(ONE_OF_THREE)), Map.of("MQCONTROLLER_HTTPLISTENPORT", "1234"), "/home/of/user");

        String text = loaded.live().explained();
        assertTrue(text.matches("(?s).*controllerDLegerSelfId=n1 +# file [^\n]*controller.conf\n.*"), text);
        assertTrue(text.matches("(?s).*httpListenPort=1234 +# environment MQCONTROLLER_HTTPLISTENPORT\n.*"), text);
        assertTrue(text.matches("(?s).*raftElectionTimeoutMs=1000 +# default\n.*"), text);
    }

    @Test
    void aMissingFileIsSaidAsSuch() {
        InvalidConfigException e = assertThrows(
                InvalidConfigException.class,
                () -> ConfigLoader.load(Optional.of(folder.resolve("absent.conf")), Map.of(), "/home"));

        assertTrue(e.mistakes().get(0).contains("absent.conf: can't be read"), e.getMessage());
        assertEquals(1, e.mistakes().size(), e.getMessage());
    }

    @Test
    void everyKeyHasADocumentAndADefaultThatIsInItsRange() {
        for (Setting<?> setting : Settings.ALL) {
            assertFalse(setting.doc().isBlank(), setting.name());
            assertFalse(
                    Settings.WITHOUT_MEANING.contains(setting.name()), setting.name() + " has a meaning or has none");
            if (!setting.defaultText().isEmpty()) {
                setting.type().parse(setting.defaultText());
            }
        }
    }

    private void assertMistakes(String text, String... expected) {
        InvalidConfigException e = assertThrows(InvalidConfigException.class, () -> load(text));
        for (String part : expected) {
            assertTrue(e.getMessage().contains(part), () -> part + " is not in: " + e.getMessage());
        }
    }

    private Loaded load(String text) throws IOException, InvalidConfigException {
        return ConfigLoader.load(Optional.of(file(text)), Map.of(), "/home/of/user");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("controller.conf"), text);
    }
}
