package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Clusters that the user has given names, and which of them is meant when none is named: a small file in the home folder. */
final class Contexts {
    private static final String CURRENT = "current";
    private static final String PREFIX = "endpoints.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final Path file;
    private final SortedMap<String, String> endpoints;
    private final Optional<String> current;

    private Contexts(Path file, SortedMap<String, String> endpoints, Optional<String> current) {
        this.file = file;
        this.endpoints = endpoints;
        this.current = current;
    }

    /** {@code MQCTL_CONTEXTS} if it is set, else a file where programs keep their configuration. */
    static Path fileFor(Map<String, String> environment, String userHome) {
        String given = environment.getOrDefault("MQCTL_CONTEXTS", "");
        String configHome = environment.getOrDefault("XDG_CONFIG_HOME", "");
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        return (configHome.isEmpty() ? Path.of(userHome, ".config") : Path.of(configHome)).resolve("mqctl/contexts");
    }

    static Contexts read(Path file) throws CallException {
        Properties content = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            content.load(reader);
        } catch (NoSuchFileException none) {
            return new Contexts(file, new TreeMap<>(), Optional.empty());
        } catch (IOException | IllegalArgumentException e) {
            throw new CallException(ExitCode.USAGE, "the contexts in " + file + " can't be read: " + e.getMessage());
        }
        SortedMap<String, String> endpoints = new TreeMap<>();
        for (String key : content.stringPropertyNames()) {
            if (key.startsWith(PREFIX)) {
                endpoints.put(key.substring(PREFIX.length()), content.getProperty(key));
            }
        }
        return new Contexts(file, endpoints, Optional.ofNullable(content.getProperty(CURRENT)));
    }

    SortedMap<String, String> all() {
        return endpoints;
    }

    Optional<String> current() {
        return current;
    }

    /** @throws CallException if there is none by that name */
    String endpointsOf(String name) throws CallException {
        String found = endpoints.get(name);
        if (found == null) {
            throw new CallException(
                    ExitCode.USAGE,
                    "no context is called \"" + name + "\" in " + file + "; "
                            + (endpoints.isEmpty() ? "there are none yet" : "there are " + endpoints.keySet())
                            + "; \"mqctl context add\" makes one");
        }
        return found;
    }

    /** The first one becomes the current one. */
    Contexts with(String name, String itsEndpoints) throws CallException {
        if (!NAME.matcher(name).matches()) {
            throw new CallException(
                    ExitCode.USAGE,
                    "\"" + name + "\" can't name a context: up to 64 letters, digits, dots, dashes and underscores");
        }
        SortedMap<String, String> changed = new TreeMap<>(endpoints);
        changed.put(name, itsEndpoints);
        return new Contexts(file, changed, current.or(() -> Optional.of(name)));
    }

    Contexts without(String name) throws CallException {
        endpointsOf(name);
        SortedMap<String, String> changed = new TreeMap<>(endpoints);
        changed.remove(name);
        return new Contexts(file, changed, current.filter(other -> !other.equals(name)));
    }

    Contexts using(String name) throws CallException {
        endpointsOf(name);
        return new Contexts(file, endpoints, Optional.of(name));
    }

    /** Written whole or not at all. */
    void write() throws CallException {
        StringBuilder text = new StringBuilder("# Clusters of mqctl. \"mqctl context\" changes this file.\n");
        current.ifPresent(name -> text.append(CURRENT).append('=').append(name).append('\n'));
        endpoints.forEach((name, where) ->
                text.append(PREFIX).append(name).append('=').append(where).append('\n'));
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path draft = Files.createTempFile(absolute.getParent(), "contexts", ".new");
            Files.writeString(draft, text);
            Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CallException(ExitCode.FAILED, "the contexts can't be written to " + file + ": " + e);
        }
    }
}
