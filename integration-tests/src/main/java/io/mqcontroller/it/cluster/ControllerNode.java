package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One controller process, which keeps its ports and its store over restarts. */
public final class ControllerNode implements AutoCloseable {
    private final ControllerKind kind;
    private final String id;
    private final Host host;
    private final Path folder;
    private final int port = Ports.free();
    private final int httpPort = Ports.free();
    private final int raftPort = Ports.free();
    private final int nameServerPort = Ports.free();
    private final Map<String, String> ownKeys = new TreeMap<>();
    private ManagedProcess process;

    ControllerNode(ControllerKind kind, String id, Host host, Path folder) {
        this.kind = kind;
        this.id = id;
        this.host = host;
        this.folder = folder;
    }

    /** Sets a key for this node alone, from its next start on. */
    ControllerNode withKey(String key, String value) {
        ownKeys.put(key, value);
        return this;
    }

    public String id() {
        return id;
    }

    public Host host() {
        return host;
    }

    /** What brokers dial. */
    public String address() {
        return host.at(port);
    }

    public int httpPort() {
        return httpPort;
    }

    int raftPort() {
        return raftPort;
    }

    /** Where the name server in the same process listens, if there is one. */
    int nameServerPort() {
        return nameServerPort;
    }

    /** Everything durable of this node. */
    public Path storePath() {
        return folder.resolve("store-" + id);
    }

    public ManagedProcess process() {
        return process;
    }

    public boolean isRunning() {
        return process != null && process.isRunning();
    }

    /** Writes the file with which it starts from now on. */
    Path writeConfiguration(List<ControllerNode> all, Map<String, String> extraKeys) {
        Map<String, String> keys = new TreeMap<>(kind.configuration(this, all));
        keys.putAll(extraKeys);
        keys.putAll(ownKeys);
        return Folders.writeProperties(folder.resolve(id + ".conf"), keys);
    }

    void start(String version, List<ControllerNode> all, Map<String, String> extraKeys, String jvmOptions) {
        Path configuration = writeConfiguration(all, extraKeys);
        process = ManagedProcess.start(
                "controller-" + id,
                folder,
                host.command(kind.command(version, configuration, folder.resolve("home-" + id), jvmOptions)),
                kind.environment(jvmOptions));
    }

    /** This node says that it leads. */
    public boolean saysItLeads() {
        return metadata()
                .map(answer -> "true".equals(answer.fields().get("isLeader")))
                .orElse(false);
    }

    /** Ready by its own word: HTTP for ours, a known leader for Apache's. */
    public boolean isReady() {
        if (!kind.isOurs()) {
            return metadata()
                    .map(answer -> answer.has("controllerLeaderAddress")
                            && !answer.fields().get("controllerLeaderAddress").isEmpty())
                    .orElse(false);
        }
        return httpStatus("/readyz") == 200;
    }

    /** Status of a GET, or -1 when nobody answers. */
    public int httpStatus(String path) {
        try {
            return get(path).getResponseCode();
        } catch (IOException notYet) {
            return -1;
        }
    }

    /** What the answer to a GET says beside a status of 400 and above; empty for other answers, and when nobody answers. */
    public String httpError(String path) {
        try (InputStream error = get(path).getErrorStream()) {
            return error == null ? "" : new String(error.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }

    private HttpURLConnection get(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + host.at(httpPort) + path).toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(2_000);
        connection.getResponseCode();
        return connection;
    }

    /** Answer to 1005, or nothing when the node does not answer. */
    public Optional<Answer> metadata() {
        if (!isRunning()) {
            return Optional.empty();
        }
        try (ControllerClient client = new ControllerClient(address())) {
            return Optional.of(client.metadata());
        } catch (IOException notNow) {
            return Optional.empty();
        }
    }

    /** Everything this node ever knew is gone. Only while it does not run. */
    public void wipe() {
        if (isRunning()) {
            throw new IllegalStateException(id + " runs; kill it before wiping its store");
        }
        Folders.delete(storePath());
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
