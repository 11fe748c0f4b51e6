package io.mqcontroller.controller.http.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mqcontroller.controller.http.HttpCall.Request;
import io.mqcontroller.controller.http.HttpPage.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in and out, and what stands before each action. An action counts only with the session's cookie, which a browser sends to
 * nobody else and not from other sites' pages ({@code HttpOnly}, {@code SameSite=Strict}), as JSON, which other sites' forms can't send,
 * and from this page's own origin.
 */
final class SignIn {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Optional<PasswordHash> password;
    private final Sessions sessions;
    private final String cookie;
    private final Executor thread;

    /** Of the thread only. */
    private final Attempts attempts;

    /**
     * @param password empty: nobody can sign in
     * @param cookie its name; another one for each controller, since browsers send cookies to all ports of a host
     * @param thread where passwords are compared, one at a time
     */
    SignIn(Optional<PasswordHash> password, String cookie, LongSupplier nanos, Executor thread) {
        this.password = password;
        this.cookie = cookie;
        this.thread = thread;
        sessions = new Sessions(nanos);
        attempts = new Attempts(nanos);
    }

    /** {@code GET}: whether one can, and is signed in. {@code POST}: signs in. {@code DELETE}: signs out. */
    CompletionStage<Answer> session(Request request) {
        switch (request.method()) {
            case "GET":
                return CompletableFuture.completedFuture(state(isSignedIn(request)));
            case "POST":
                Optional<Answer> refusal = refusal(request);
                return refusal.isPresent()
                        ? CompletableFuture.completedFuture(refusal.get())
                        : CompletableFuture.supplyAsync(() -> begin(request), thread);
            case "DELETE":
                sessions.end(token(request));
                return CompletableFuture.completedFuture(withCookie(request, state(false), "", 0));
            default:
                return CompletableFuture.completedFuture(ConsoleCalls.said(405, "only GET, POST and DELETE"));
        }
    }

    /** Why an action must not be done; empty: it may. */
    Optional<Answer> refusalOfAction(Request request) {
        if (!request.method().equals("POST")) {
            return Optional.of(ConsoleCalls.said(405, "only POST"));
        }
        Optional<Answer> refusal = refusal(request);
        if (refusal.isEmpty() && !isSignedIn(request)) {
            return Optional.of(ConsoleCalls.said(401, "sign in first"));
        }
        return refusal;
    }

    /** The members of the object that a request brings; those that are no texts or numbers are left out. */
    static Map<String, String> members(String body) {
        Map<String, String> members = new TreeMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return members;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    members.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException notJson) {
            return Map.of();
        }
        return members;
    }

    private Answer begin(Request request) {
        String host = request.remote().replaceFirst(":[0-9]+$", "");
        long waitSeconds = attempts.waitSeconds(host);
        if (waitSeconds > 0) {
            Answer wait = ConsoleCalls.said(429, "a wrong password was given just now; wait " + waitSeconds + " s");
            return new Answer(429, wait.contentType(), wait.body(), Map.of("Retry-After", Long.toString(waitSeconds)));
        }
        if (!password.orElseThrow().matches(members(request.body()).getOrDefault("password", ""))) {
            attempts.wrong(host);
            LOG.warn("event=console_sign_in remote={} result=refused", request.remote());
            return ConsoleCalls.said(403, "this is not the password");
        }
        attempts.right(host);
        LOG.info("event=console_sign_in remote={} result=done", request.remote());
        return withCookie(request, state(true), sessions.begin(), Sessions.LONGEST_SECONDS);
    }

    private Optional<Answer> refusal(Request request) {
        if (password.isEmpty()) {
            return Optional.of(ConsoleCalls.said(403, "this console only reads: consolePasswordFile is not set"));
        }
        if (!request.header("Content-Type").equals("application/json")) {
            return Optional.of(ConsoleCalls.said(415, "only application/json"));
        }
        String origin = request.header("Origin");
        if (!origin.equals("http://" + request.header("Host")) && !origin.equals("https://" + request.header("Host"))) {
            return Optional.of(ConsoleCalls.said(403, "only from this controller's own page"));
        }
        return Optional.empty();
    }

    private boolean isSignedIn(Request request) {
        return password.isPresent() && sessions.use(token(request));
    }

    private String token(Request request) {
        for (String pair : request.header("Cookie").split(";\\s*")) {
            if (pair.startsWith(cookie + "=")) {
                return pair.substring(cookie.length() + 1);
            }
        }
        return "";
    }

    private Answer state(boolean signedIn) {
        return ConsoleCalls.json(200, json -> {
            json.writeStartObject();
            json.writeBooleanField("possible", password.isPresent());
            json.writeBooleanField("signedIn", signedIn);
            json.writeEndObject();
        });
    }

    private Answer withCookie(Request request, Answer answer, String token, long seconds) {
        // Behind a proxy with TLS, it must never be sent without.
        String secure = request.header("Origin").startsWith("https://") ? "; Secure" : "";
        String value = cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + seconds + secure;
        return new Answer(answer.status(), answer.contentType(), answer.body(), Map.of("Set-Cookie", value));
    }
}
