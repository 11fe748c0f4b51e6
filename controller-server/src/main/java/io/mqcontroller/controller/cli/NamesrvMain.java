package io.mqcontroller.controller.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;

/**
 * {@code mqnamesrv}: Apache's name server, as released, and in the same process a controller of ours when its configuration says
 * {@code enableControllerInNamesrv=true}. Without that it is a plain name server. Exit codes: those of Apache's name server; 1
 * when the controller can't start, 2 when its configuration is wrong.
 *
 * <p>Runs on the class path of RocketMQ's installation, so it uses the JDK alone.
 */
public final class NamesrvMain {
    /** System property with the jars and folders of the controller, parted as in a class path; {@code DIR/*} stands for its jars. */
    public static final String CONTROLLER_PATH = "mqcontroller.path";

    private static final String NAME_SERVER = "org.apache.rocketmq.namesrv.NamesrvStartup";
    private static final String CONTROLLER = "io.mqcontroller.controller.cli.EmbeddedController";
    private static final String SHORT_OPTION = "-c";
    private static final String LONG_OPTION = "--configFile";
    private static final String SWITCH = "enableControllerInNamesrv";
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private NamesrvMain() {}

    public static void main(String[] args) throws Exception {
        Optional<String> file = configurationFile(args);
        if (file.isPresent() && !Files.isReadable(Path.of(file.get()))) {
            System.err.println("mqnamesrv: " + file.get() + " can't be read: give a properties file with -c");
            System.exit(WRONG_CONFIGURATION);
        }
        if (file.isEmpty() || !wantsController(Path.of(file.get()))) {
            call(NAME_SERVER, "main", args);
            return;
        }
        ClassLoader loader = controllerLoader(System.getProperty(CONTROLLER_PATH, ""));
        Callable<AutoCloseable> controller = prepare(loader, file.get());
        // Not "main": that would start Apache's own controller as well.
        call(NAME_SERVER, "main0", args);
        try {
            AutoCloseable running = inside(loader, controller);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "stop-controller"));
        } catch (Exception e) {
            System.err.println("mqnamesrv: the controller can't start: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /** In all the ways in which RocketMQ's programs take it: {@code -c FILE}, {@code -cFILE}, {@code --configFile=FILE}, {@code --conf FILE}. */
    static Optional<String> configurationFile(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String[] parts = args[i].split("=", 2);
            boolean isLong = parts[0].length() > 2 && LONG_OPTION.startsWith(parts[0]);
            if (isLong && parts.length == 2) {
                return Optional.of(parts[1]);
            }
            if (args[i].startsWith(SHORT_OPTION) && args[i].length() > SHORT_OPTION.length()) {
                return Optional.of(args[i].substring(SHORT_OPTION.length()));
            }
            if (isLong || args[i].equals(SHORT_OPTION)) {
                return i + 1 < args.length ? Optional.of(args[i + 1]) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Read byte by byte, as the name server does: what it takes for switched on must not be missed because of its comments. */
    static boolean wantsController(Path file) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            // The name server itself says what is wrong with its file.
            return false;
        }
        return Boolean.parseBoolean(properties.getProperty(SWITCH, "").strip());
    }

    static ClassLoader controllerLoader(String path) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            if (entry.endsWith("/*")) {
                File[] jars = new File(entry.substring(0, entry.length() - 2))
                        .listFiles((folder, name) -> name.endsWith(".jar"));
                for (File jar : jars == null ? new File[0] : jars) {
                    urls.add(jar.toURI().toURL());
                }
            } else if (!entry.isEmpty()) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return new URLClassLoader("mqcontroller", urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    @SuppressWarnings("unchecked")
    private static Callable<AutoCloseable> prepare(ClassLoader loader, String file) throws Exception {
        try {
            return inside(loader, () -> (Callable<AutoCloseable>) loader.loadClass(CONTROLLER)
                    .getMethod("prepare", String.class)
                    .invoke(null, file));
        } catch (InvocationTargetException e) {
            System.err.println("mqnamesrv: " + e.getCause().getMessage());
            System.exit(WRONG_CONFIGURATION);
            throw e;
        }
    }

    /** Threads and loggers that are made meanwhile find the controller's classes. */
    private static <T> T inside(ClassLoader loader, Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void call(String type, String method, String[] args) throws ReflectiveOperationException {
        Class.forName(type).getMethod(method, String[].class).invoke(null, (Object) args);
    }

    private static void stop(AutoCloseable controller) {
        try {
            controller.close();
        } catch (Exception e) {
            System.err.println("mqnamesrv: the controller did not stop in order: " + e);
        }
    }
}
