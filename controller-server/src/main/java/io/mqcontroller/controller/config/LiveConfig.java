package io.mqcontroller.controller.config;

import io.mqcontroller.controller.config.EffectiveValues.Value;
import io.mqcontroller.controller.remoting.ConfigurationAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The few values that may change while the daemon runs, and the text of all. Readers may be on any thread and never wait;
 * changes are made one after the other, and are durable before they take effect.
 */
public final class LiveConfig implements ConfigurationAccess {
    /** What the name of a key may hold whose value is shown nowhere: a regular expression, for any case of letters. */
    public static final String SECRET_WORDS = "password|passwd|secret|token|credential|private";

    private static final Pattern SECRET = Pattern.compile(SECRET_WORDS, Pattern.CASE_INSENSITIVE);

    private final ChangesFile file;
    private volatile EffectiveValues values;
    private volatile Consumer<Changed> listener = changed -> {};

    LiveConfig(EffectiveValues values, ChangesFile file) {
        this.values = values;
        this.file = file;
    }

    /** Whether a replica outside the SyncStateSet may be elected. */
    public boolean enableElectUncleanMaster() {
        return values.get(Settings.UNCLEAN);
    }

    /** Whether brokers are told of new roles. */
    public boolean notifyBrokerRoleChanged() {
        return values.get(Settings.NOTIFY);
    }

    /** Has {@code listener} called after each change, on the thread that made it; called once, before any change. */
    public void whenChanged(Consumer<Changed> listener) {
        this.listener = listener;
    }

    /**
     * What has changed.
     *
     * @param values by key; only those that are different
     * @param by address of who asked for it
     */
    public record Changed(SortedMap<String, Values> values, String by) {
        /** For people: secrets are left out. */
        public record Values(String before, String after) {}
    }

    @Override
    public String effectiveProperties() {
        return values.asProperties();
    }

    /** Differs between controllers that would decide by different values. */
    public long decisiveValuesChecksum() {
        EffectiveValues now = values;
        CRC32 checksum = new CRC32();
        for (Setting<?> setting : Settings.ALIKE_ON_ALL) {
            checksum.update((setting.name() + "=" + now.text(setting.name()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return checksum.getValue();
    }

    /** The same for people: each line says where its value came from. */
    public String explained() {
        return values.explained();
    }

    /** Why a change was not made. */
    public record Refused(Reason reason, String message) {
        /** What kind of mistake it was. */
        public enum Reason {
            /** Some key is none. */
            UNKNOWN_KEY,
            /** Some key can't be changed at run time, or {@code configBlackList} has it. */
            NOT_CHANGEABLE,
            /** Some value is out of its range. */
            BAD_VALUE,
            /** It could not be made durable. */
            NOT_STORED
        }
    }

    @Override
    public Optional<String> update(Map<String, String> changes, String by) {
        return change(changes, by).map(Refused::message);
    }

    /**
     * Makes all of these changes, or none. Blocks for a synced write, so not for an event loop.
     *
     * @param by address of who asks for it
     * @return empty if they hold now, and after a restart
     */
    public synchronized Optional<Refused> change(Map<String, String> changes, String by) {
        SortedMap<String, String> accepted = new TreeMap<>();
        for (Map.Entry<String, String> change : new TreeMap<>(changes).entrySet()) {
            Optional<Refused> refused = check(change.getKey(), change.getValue().strip(), accepted);
            if (refused.isPresent()) {
                return refused;
            }
        }
        return accepted.isEmpty() ? Optional.empty() : store(accepted, by);
    }

    /** The value of a key that is in force; empty if there is no such key. */
    public Optional<String> text(String name) {
        return Settings.named(name).map(setting -> values.text(setting.name()));
    }

    /** Why this change would not be made; empty if it would. */
    public Optional<Refused> wouldRefuse(String name, String value) {
        return check(name, value.strip(), new TreeMap<>());
    }

    private Optional<Refused> check(String name, String text, SortedMap<String, String> accepted) {
        Optional<Setting<?>> known = Settings.named(name);
        if (known.isEmpty()) {
            return refused(
                    Refused.Reason.UNKNOWN_KEY,
                    Settings.WITHOUT_MEANING.contains(name)
                            ? name + " has nothing to set in this controller"
                            : name + " is not a key; did you mean " + Settings.nearest(name) + "?");
        }
        Setting<?> setting = known.get();
        if (text.equals(values.text(setting.name()))) {
            return Optional.empty();
        }
        if (!setting.changeable()
                || values.find(Settings.BLACK_LIST).orElse(List.of()).contains(setting.name())) {
            return refused(
                    Refused.Reason.NOT_CHANGEABLE,
                    setting.name() + " can't be changed at run time; " + changeableNames() + " can");
        }
        try {
            setting.type().parse(text);
        } catch (IllegalArgumentException e) {
            return refused(Refused.Reason.BAD_VALUE, setting.name() + "=" + text + ": " + e.getMessage());
        }
        accepted.put(setting.name(), text);
        return Optional.empty();
    }

    private Optional<Refused> store(SortedMap<String, String> accepted, String by) {
        try {
            SortedMap<String, String> all = file.read();
            all.putAll(accepted);
            file.write(all);
        } catch (IOException e) {
            return refused(Refused.Reason.NOT_STORED, file.path() + " could not be written, nothing was changed: " + e);
        }
        EffectiveValues changed = values;
        SortedMap<String, Changed.Values> told = new TreeMap<>();
        for (Map.Entry<String, String> change : accepted.entrySet()) {
            String key = change.getKey();
            told.put(key, new Changed.Values(shown(key, values.text(key)), shown(key, change.getValue())));
            changed = changed.with(key, new Value(change.getValue(), file.origin()));
        }
        values = changed;
        listener.accept(new Changed(told, by));
        return Optional.empty();
    }

    /** A value for logs and the history. A key that nobody knows may be somebody's secret, too. */
    public static String shown(String key, String value) {
        return SECRET.matcher(key).find() ? "(not shown)" : value;
    }

    private String changeableNames() {
        List<String> blocked = values.find(Settings.BLACK_LIST).orElse(List.of());
        List<String> names = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            if (setting.changeable() && !blocked.contains(setting.name())) {
                names.add(setting.name());
            }
        }
        return names.isEmpty() ? "no key" : String.join(", ", names);
    }

    private static Optional<Refused> refused(Refused.Reason reason, String message) {
        return Optional.of(new Refused(reason, message));
    }
}
