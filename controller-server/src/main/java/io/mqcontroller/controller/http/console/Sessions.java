package io.mqcontroller.controller.http.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Who is signed in. Kept in memory only: a restart ends all sessions. Any thread. */
final class Sessions {
    static final long LONGEST_SECONDS = TimeUnit.HOURS.toSeconds(8);
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(30);
    private static final int MAX_SESSIONS = 32;
    private static final int TOKEN_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanos;

    /** By the hash of the token, so that how long a look takes says nothing about tokens; the oldest first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /** @param nanos the monotonic clock */
    Sessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Session(long beganNanos, long usedNanos) {}

    /** Begins a session; the oldest one ends if there are too many. */
    synchronized String begin() {
        if (sessions.size() == MAX_SESSIONS) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        long now = nanos.getAsLong();
        sessions.put(hash(token), new Session(now, now));
        return token;
    }

    /** Whether the token is that of a session which has not ended; it goes on by this. */
    synchronized boolean use(String token) {
        String key = hash(token);
        Session session = sessions.get(key);
        if (session == null) {
            return false;
        }
        long now = nanos.getAsLong();
        if (now - session.usedNanos() > IDLE_NANOS
                || now - session.beganNanos() > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
            sessions.remove(key);
            return false;
        }
        sessions.put(key, new Session(session.beganNanos(), now));
        return true;
    }

    synchronized void end(String token) {
        sessions.remove(hash(token));
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
