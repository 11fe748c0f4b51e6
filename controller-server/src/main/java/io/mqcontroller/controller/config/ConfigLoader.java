package io.mqcontroller.controller.config;

import io.mqcontroller.controller.config.ControllerConfig.LogFormat;
import io.mqcontroller.controller.config.EffectiveValues.Value;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a configuration. What is said later in this list wins: default, file, environment ({@code MQCONTROLLER_} and the
 * key, in letters of any case), change made at run time.
 */
public final class ConfigLoader {
    /** Begins the name of an environment variable that gives a value. */
    public static final String ENVIRONMENT_PREFIX = "MQCONTROLLER_";

    private static final String DEFAULT = "default";

    private final List<String> mistakes = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final SortedMap<String, Value> values = new TreeMap<>();

    private ConfigLoader() {}

    /**
     * What was read.
     *
     * @param live the changeable values, and the text of all
     * @param notices lines for the log: keys that were given and mean nothing here
     */
    public record Loaded(ControllerConfig config, LiveConfig live, List<String> notices) {
        public Loaded {
            notices = List.copyOf(notices);
        }
    }

    /**
     * @param file with {@code key = value} lines; without it the environment gives everything
     * @param environment as {@link System#getenv()} has it
     * @param home stands for {@code ${user.home}} in values
     * @throws InvalidConfigException with all mistakes, if there is one
     */
    public static Loaded load(Optional<Path> file, Map<String, String> environment, String home)
            throws InvalidConfigException {
        ConfigLoader loader = new ConfigLoader();
        loader.readDefaults(home);
        if (file.isPresent() && !loader.readFile(file.get(), home)) {
            // That keys are missing as well would only hide it.
            throw new InvalidConfigException(loader.mistakes);
        }
        loader.readEnvironment(environment, home);
        loader.readChanges();
        loader.checkRequired();
        loader.giveEachOnOneMachineItsHttpPort();
        loader.checkRelations();
        if (!loader.mistakes.isEmpty()) {
            throw new InvalidConfigException(loader.mistakes);
        }
        loader.fillInWhatFollows();
        EffectiveValues effective = new EffectiveValues(loader.values);
        ControllerConfig config = toConfig(effective);
        return new Loaded(config, new LiveConfig(effective, ChangesFile.in(config.store())), loader.notices);
    }

    private void readDefaults(String home) {
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.defaultText().isEmpty()) {
                values.put(setting.name(), new Value(withHome(setting.defaultText(), home), DEFAULT));
            }
        }
    }

    /** Whether it could be read at all. */
    private boolean readFile(Path file, String home) {
        Map<String, String> given = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            new RepeatedKeys(given, file, mistakes).load(reader);
        } catch (CharacterCodingException e) {
            mistakes.add(file + ": is not UTF-8 text");
            return false;
        } catch (IOException e) {
            mistakes.add(
                    file + ": can't be read (" + e.getClass().getSimpleName() + "): give a properties file with -c");
            return false;
        } catch (IllegalArgumentException e) {
            mistakes.add(file + ": is not a properties file: " + e.getMessage());
            return false;
        }
        List<String> ignored = new ArrayList<>();
        boolean ofNameServer = given.containsKey(Settings.IN_NAME_SERVER);
        given.forEach((name, text) -> {
            if (Settings.WITHOUT_MEANING.contains(name) || ofNameServer && Settings.OF_THE_NAME_SERVER.contains(name)) {
                ignored.add(name);
                return;
            }
            Settings.named(name)
                    .ifPresentOrElse(
                            setting -> take(setting, name, text, home, "file " + file),
                            () -> mistakes.add(file + ": " + name + " is not a key; did you mean "
                                    + Settings.nearest(name) + "?"));
        });
        if (!ignored.isEmpty()) {
            notices.add(
                    "event=config_keys_without_meaning keys=\"" + String.join(",", ignored)
                            + "\" cause=\"settings of Apache's controller or name server, for which the controller here has no use\"");
        }
        return true;
    }

    private void readEnvironment(Map<String, String> environment, String home) {
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX)) {
                String name = variable.substring(ENVIRONMENT_PREFIX.length());
                // Not a mistake: Kubernetes sets variables of this shape for any service that is called mqcontroller.
                Settings.namedInAnyCase(name)
                        .ifPresentOrElse(
                                setting -> take(setting, variable, text, home, "environment " + variable),
                                () -> notices.add("event=environment_variable_ignored name=" + variable
                                        + " cause=\"names no configuration key\""));
            }
        });
    }

    private void readChanges() {
        Value store = values.get(Settings.STORE.name());
        if (store == null || !parses(Settings.STORE, store.text())) {
            return;
        }
        ChangesFile changes = ChangesFile.in(Settings.STORE.type().parse(store.text()));
        try {
            changes.read().forEach((name, text) -> Settings.named(name)
                    .filter(Setting::changeable)
                    .ifPresentOrElse(
                            setting -> take(setting, name, text, "", changes.origin()),
                            () -> mistakes.add(
                                    changes.path() + ": " + name + " is not a key that changes at run time")));
        } catch (IOException e) {
            mistakes.add(changes.path() + ": can't be read: " + e.getMessage());
        }
    }

    private void take(Setting<?> setting, String givenName, String givenText, String home, String origin) {
        String text = withHome(givenText.strip(), home);
        Value before = values.get(setting.name());
        if (before != null && before.origin().equals(origin)) {
            mistakes.add(setting.name() + " is given twice (" + origin + "), also as " + givenName + ": keep one");
            return;
        }
        try {
            setting.type().parse(text);
            values.put(setting.name(), new Value(text, origin));
        } catch (IllegalArgumentException e) {
            mistakes.add(givenName + "=" + text + " (" + origin + "): " + e.getMessage());
            // Stands for "was given", so that the same mistake is not reported again as a missing key.
            values.put(setting.name(), new Value(text, origin));
        }
    }

    private void checkRequired() {
        for (Setting<?> setting : Settings.ALL) {
            if (setting.required() && !values.containsKey(setting.name())) {
                mistakes.add(setting.name() + " is missing: " + setting.type().range() + ". " + setting.doc());
            }
        }
    }

    /** RocketMQ's samples have three controllers on one machine, from files that know nothing of a second port. */
    private void giveEachOnOneMachineItsHttpPort() {
        if (!allParse(Settings.PEERS, Settings.SELF, Settings.HTTP_PORT)) {
            return;
        }
        Value given = values.get(Settings.HTTP_PORT.name());
        EffectiveValues read = new EffectiveValues(values);
        SortedMap<NodeId, HostPort> members = read.get(Settings.PEERS);
        NodeId self = new NodeId(read.get(Settings.SELF));
        if (!given.origin().equals(DEFAULT) || !members.containsKey(self)) {
            return;
        }
        String host = members.get(self).host();
        long before = members.headMap(self).values().stream()
                .filter(member -> member.host().equals(host))
                .count();
        if (before > 0) {
            values.put(
                    Settings.HTTP_PORT.name(),
                    new Value(Long.toString(read.get(Settings.HTTP_PORT) + before), followsFrom(Settings.PEERS)));
        }
    }

    /** Of values that are right each for itself. */
    private void checkRelations() {
        EffectiveValues read = new EffectiveValues(values);
        if (allParse(Settings.PEERS, Settings.SELF, Settings.HTTP_PORT)
                && (!values.containsKey(Settings.ADVERTISED.name()) || allParse(Settings.ADVERTISED))) {
            checkMembers(read);
        }
        if (allParse(Settings.ELECTION_TIMEOUT, Settings.HEARTBEAT_INTERVAL)) {
            long electionTimeoutMs = read.get(Settings.ELECTION_TIMEOUT);
            read.find(Settings.HEARTBEAT_INTERVAL)
                    .filter(ms -> ms * 3 > electionTimeoutMs)
                    .ifPresent(ms -> mistakes.add(
                            "raftHeartbeatIntervalMs=" + ms + ": must be at most a third of raftElectionTimeoutMs="
                                    + electionTimeoutMs + ", so that two lost messages start no election"));
        }
        for (String name : allParse(Settings.BLACK_LIST) ? read.get(Settings.BLACK_LIST) : List.<String>of()) {
            if (Settings.named(name).isEmpty() && !Settings.WITHOUT_MEANING.contains(name)) {
                mistakes.add(
                        "configBlackList: " + name + " is not a key; did you mean " + Settings.nearest(name) + "?");
            }
        }
    }

    private void checkMembers(EffectiveValues read) {
        SortedMap<NodeId, HostPort> members = read.get(Settings.PEERS);
        NodeId self = new NodeId(read.get(Settings.SELF));
        if (!members.containsKey(self)) {
            mistakes.add("controllerDLegerSelfId=" + self + ": must be one of the ids in controllerDLegerPeers: "
                    + members.keySet());
        } else {
            checkAddresses(members, read.find(Settings.ADVERTISED));
            checkPorts(read.get(Settings.HTTP_PORT), self, members);
        }
    }

    /** Brokers learn the leader's address from any controller, so an address that works on one machine only fails there. */
    private void checkAddresses(SortedMap<NodeId, HostPort> members, Optional<SortedMap<NodeId, HostPort>> given) {
        SortedMap<NodeId, HostPort> advertised = given.orElse(members);
        String key = given.isPresent() ? "controllerAdvertisedPeers" : "controllerDLegerPeers";
        if (!advertised.keySet().equals(members.keySet())) {
            mistakes.add(key + ": must name the same ids as controllerDLegerPeers, " + members.keySet() + ", not "
                    + advertised.keySet());
        }
        boolean anyRemote = members.values().stream().anyMatch(address -> !address.isLoopback());
        advertised.forEach((id, address) -> {
            if (address.isWildcard()) {
                mistakes.add(
                        key + ": " + id + "-" + address + " can't be dialled; give the address of that machine, and"
                                + " bindAddress=" + address.host() + " to listen on all");
            } else if (address.isLoopback() && anyRemote) {
                mistakes.add(key + ": " + id + "-" + address + " is out of reach for brokers on other machines, and"
                        + " controllerDLegerPeers has members on other machines: " + members.values());
            }
        });
    }

    private void checkPorts(long httpPort, NodeId self, SortedMap<NodeId, HostPort> members) {
        String host = members.get(self).host();
        members.forEach((id, address) -> {
            if (address.host().equals(host) && address.port() == httpPort) {
                mistakes.add("httpListenPort=" + httpPort + ": is the port for peers and brokers of " + id
                        + " in controllerDLegerPeers too; give another one");
            }
        });
    }

    private void fillInWhatFollows() {
        follow(
                Settings.ADVERTISED,
                Settings.PEERS,
                values.get(Settings.PEERS.name()).text());
        follow(
                Settings.HTTP_HOST,
                Settings.BIND,
                values.get(Settings.BIND.name()).text());
        long electionTimeoutMs = new EffectiveValues(values).get(Settings.ELECTION_TIMEOUT);
        follow(Settings.HEARTBEAT_INTERVAL, Settings.ELECTION_TIMEOUT, Long.toString(electionTimeoutMs / 10));
    }

    private void follow(Setting<?> setting, Setting<?> from, String text) {
        values.putIfAbsent(setting.name(), new Value(text, followsFrom(from)));
    }

    private static String followsFrom(Setting<?> setting) {
        return "follows from " + setting.name();
    }

    private static ControllerConfig toConfig(EffectiveValues values) {
        SortedMap<NodeId, HostPort> members = values.get(Settings.PEERS);
        NodeId self = new NodeId(values.get(Settings.SELF));
        HostPort own = members.get(self);
        String host = values.get(Settings.BIND);
        return new ControllerConfig(
                values.get(Settings.GROUP),
                self,
                values.get(Settings.INITIAL_STATE).equals("existing"),
                members,
                values.get(Settings.ADVERTISED),
                values.get(Settings.STORE),
                new ControllerConfig.Network(
                        host,
                        own.port(),
                        Math.toIntExact(values.get(Settings.IDLE_SECONDS)),
                        Math.toIntExact(values.get(Settings.MAX_CONNECTIONS))),
                new ControllerConfig.Http(
                        values.get(Settings.HTTP_HOST),
                        Math.toIntExact(values.get(Settings.HTTP_PORT)),
                        values.get(Settings.CONSOLE),
                        values.find(Settings.CONSOLE_PASSWORD),
                        values.get(Settings.METRICS_PER_BROKER),
                        values.get(Settings.METRICS_APACHE_NAMES)),
                new ControllerConfig.Raft(
                        values.get(Settings.ELECTION_TIMEOUT),
                        values.get(Settings.HEARTBEAT_INTERVAL),
                        values.get(Settings.SNAPSHOT_ENTRIES),
                        values.get(Settings.DISK_RESERVE) << 20),
                values.get(Settings.LOSS_GRACE),
                values.get(Settings.MASTER_LEASE),
                values.get(Settings.PREFERRED_MASTER_HOLD),
                LogFormat.valueOf(values.get(Settings.LOG_FORMAT).toUpperCase(Locale.ROOT)));
    }

    /** Whether these are given, and each is right for itself. */
    private boolean allParse(Setting<?>... settings) {
        for (Setting<?> setting : settings) {
            Value value = values.get(setting.name());
            if (value == null || !parses(setting, value.text())) {
                return false;
            }
        }
        return true;
    }

    private static boolean parses(Setting<?> setting, String text) {
        try {
            setting.type().parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withHome(String text, String home) {
        return text.replace("${user.home}", home);
    }

    /** {@link Properties} takes the last of two lines with one key without a word; here that is a mistake. */
    private static final class RepeatedKeys extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, String> given;
        private final transient Path file;
        private final transient List<String> mistakes;

        RepeatedKeys(Map<String, String> given, Path file, List<String> mistakes) {
            this.given = given;
            this.file = file;
            this.mistakes = mistakes;
        }

        @Override
        public synchronized Object put(Object key, Object value) {
            String before = given.put((String) key, (String) value);
            if (before != null && !before.equals(value)) {
                mistakes.add(file + ": " + key + " is given twice, as " + before + " and as " + value + ": keep one");
            }
            return before;
        }
    }
}
