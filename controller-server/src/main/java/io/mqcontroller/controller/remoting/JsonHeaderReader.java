package io.mqcontroller.controller.remoting;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads a JSON header: an object with {@code code}, {@code opaque}, {@code flag} and the text map {@code extFields}. */
final class JsonHeaderReader {
    private static final int CODE = 1;
    private static final int OPAQUE = 2;
    private static final int FLAG = 4;
    private static final int EXT_FIELDS = 8;
    private static final int REQUIRED = CODE | OPAQUE;

    private JsonHeaderReader() {}

    static void read(byte[] bytes, int offset, int length, IncomingFrame into) throws MalformedFrameException {
        try (JsonParser parser = Json.parser(bytes, offset, length)) {
            readObject(parser, into);
        } catch (IOException | IllegalStateException e) {
            // IllegalStateException: names made to collide in the parser's symbol table.
            throw malformed("not a JSON header");
        }
    }

    private static void readObject(JsonParser parser, IncomingFrame into) throws IOException, MalformedFrameException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("a JSON header is an object");
        }
        int seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int member = readMember(name, parser, into);
            if ((seen & member) != 0) {
                throw malformed(name + " appears twice");
            }
            seen |= member;
        }
        if (parser.nextToken() != null) {
            throw malformed("there is more behind the header object");
        }
        if ((seen & REQUIRED) != REQUIRED) {
            throw malformed("a header has code and opaque");
        }
    }

    /** @return the bit of the member, 0 for one that nobody reads */
    private static int readMember(String name, JsonParser parser, IncomingFrame into)
            throws IOException, MalformedFrameException {
        switch (name) {
            case "code":
                into.setCode(intValue(name, parser));
                return CODE;
            case "opaque":
                into.setOpaque(intValue(name, parser));
                return OPAQUE;
            case "flag":
                into.setFlag(intValue(name, parser));
                return FLAG;
            case "extFields":
                readExtFields(parser, into);
                return EXT_FIELDS;
            default:
                parser.nextToken();
                parser.skipChildren();
                return 0;
        }
    }

    private static int intValue(String name, JsonParser parser) throws IOException, MalformedFrameException {
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
            throw malformed(name + " is a whole number");
        }
        return parser.getIntValue();
    }

    private static void readExtFields(JsonParser parser, IncomingFrame into)
            throws IOException, MalformedFrameException {
        JsonToken start = parser.nextToken();
        if (start == JsonToken.VALUE_NULL) {
            return;
        }
        if (start != JsonToken.START_OBJECT) {
            throw malformed("extFields is an object");
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            Field field = Field.named(name);
            if (field == null) {
                parser.skipChildren();
            } else {
                readExtField(field, value, parser, into);
            }
        }
    }

    private static void readExtField(Field field, JsonToken value, JsonParser parser, IncomingFrame into)
            throws IOException, MalformedFrameException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (!into.markPresent(field)) {
            throw malformed(field.wireName() + " appears twice");
        }
        if (value.isScalarValue()) {
            into.setValue(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else {
            into.markUnreadable(field);
            parser.skipChildren();
        }
    }

    private static MalformedFrameException malformed(String message) {
        return new MalformedFrameException(ClosedBecause.BAD_HEADER, message);
    }
}
