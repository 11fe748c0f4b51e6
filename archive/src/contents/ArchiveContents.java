import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Says what is in the archive. The bill of materials of Maven's dependencies has more: what nothing here loads is left out of
 * the archive, and RocksDB's jar is packed again without its natives. A scanner would warn of libraries that are not there, and
 * know none of the files. So this takes that bill and the folders of jars, and writes {@code sbom.xml} with exactly these jars
 * and their checksums, and {@code THIRD-PARTY.txt} with the licences of all that are others'. It fails if a jar stands in no
 * bill, or has no licence. Files of others that are no jar, but lie in one of ours, are told by a properties file beside them.
 *
 * <p>Run by the build from its source: {@code ArchiveContents BILL TARGET FOLDER|PROPERTIES...}; of two jars of one name that in
 * the later folder counts.
 */
public final class ArchiveContents {
    private static final String OWN_GROUP = "io.mqcontroller";

    private final Document bill;
    private final Map<String, Path> jars = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> licenceLines = new ArrayList<>();

    private ArchiveContents(Document bill) {
        this.bill = bill;
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[1]);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        ArchiveContents contents =
                new ArchiveContents(factory.newDocumentBuilder().parse(Path.of(args[0]).toFile()));
        List<Path> inside = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            Path part = Path.of(args[i]);
            if (Files.isDirectory(part)) {
                contents.addFolder(part);
            } else {
                inside.add(part);
            }
        }
        contents.keepOnlyJars();
        for (Path part : inside) {
            contents.addFilesInsideJar(part);
        }
        if (!contents.mistakes.isEmpty()) {
            throw new IllegalStateException("the archive's libraries: " + String.join("; ", contents.mistakes));
        }
        Files.createDirectories(target);
        contents.write(target);
    }

    private void addFolder(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(file -> jars.put(file.getFileName().toString(), file));
        }
    }

    private void keepOnlyJars() throws IOException, NoSuchAlgorithmException {
        Map<String, Path> without = new TreeMap<>(jars);
        SortedSet<String> dropped = new TreeSet<>();
        for (Element component : componentsOf(bill.getDocumentElement())) {
            Path jar = without.remove(fileNameOf(component));
            if (jar == null) {
                dropped.add(component.getAttribute("bom-ref"));
                component.getParentNode().removeChild(component);
            } else {
                setChecksum(component, jar);
                noteLicence(component);
            }
        }
        Element own = child(child(bill.getDocumentElement(), "metadata"), "component");
        without.remove(fileNameOf(own));
        without.keySet().forEach(name -> mistakes.add(name + " is in no bill of materials"));
        leaveOutOfGraph(dropped);
    }

    /** Into the bill as a library, and into the list of licences. */
    private void addFilesInsideJar(Path description) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(description)) {
            properties.load(in);
        }
        Element components = child(bill.getDocumentElement(), "components");
        Element component = append(components, "component", "");
        component.setAttribute("type", "library");
        component.setAttribute("bom-ref", properties.getProperty("purl"));
        append(component, "name", properties.getProperty("name"));
        append(component, "version", properties.getProperty("version"));
        append(append(append(component, "licenses", ""), "license", ""), "id", properties.getProperty("license"));
        append(component, "purl", properties.getProperty("purl"));
        Element website = append(append(component, "externalReferences", ""), "reference", "");
        website.setAttribute("type", "website");
        append(website, "url", properties.getProperty("website"));
        licenceLines.add(properties.getProperty("name") + " " + properties.getProperty("version") + " ("
                + properties.getProperty("where") + "): " + properties.getProperty("license") + website(component));
    }

    private Element append(Element parent, String name, String text) {
        Element element = bill.createElementNS(parent.getNamespaceURI(), name);
        element.setTextContent(text);
        parent.appendChild(element);
        return element;
    }

    private static List<Element> componentsOf(Element root) {
        return children(child(root, "components"), "component");
    }

    private static String fileNameOf(Element component) {
        String purl = text(component, "purl");
        int at = purl.indexOf("classifier=");
        String classifier = at < 0 ? "" : "-" + purl.substring(at + "classifier=".length()).replaceFirst("&.*", "");
        return text(component, "name") + "-" + text(component, "version") + classifier + ".jar";
    }

    private void setChecksum(Element component, Path jar) throws IOException, NoSuchAlgorithmException {
        Element hashes = child(component, "hashes");
        while (hashes.hasChildNodes()) {
            hashes.removeChild(hashes.getFirstChild());
        }
        Element hash = bill.createElementNS(hashes.getNamespaceURI(), "hash");
        hash.setAttribute("alg", "SHA-256");
        hash.setTextContent(sha256(jar));
        hashes.appendChild(hash);
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void noteLicence(Element component) {
        if (text(component, "group").equals(OWN_GROUP)) {
            return;
        }
        Element licences = child(component, "licenses");
        List<String> names = licences == null
                ? List.of()
                : children(licences, "*").stream().map(ArchiveContents::nameOf).toList();
        if (names.isEmpty() || names.contains("")) {
            mistakes.add(fileNameOf(component) + " has no licence");
        }
        licenceLines.add(fileNameOf(component) + ": " + String.join(" or ", names) + website(component));
    }

    /** A licence by its SPDX id, or by its name; or an expression of several. */
    private static String nameOf(Element licence) {
        if (licence.getLocalName().equals("expression")) {
            return licence.getTextContent().trim();
        }
        return text(licence, "id").isEmpty() ? text(licence, "name") : text(licence, "id");
    }

    private static String website(Element component) {
        Element references = child(component, "externalReferences");
        return references == null
                ? ""
                : children(references, "reference").stream()
                        .filter(reference -> reference.getAttribute("type").equals("website"))
                        .map(reference -> "  " + text(reference, "url"))
                        .findFirst()
                        .orElse("");
    }

    /** What was needed through something that is not there is needed itself. */
    private void leaveOutOfGraph(Set<String> dropped) {
        Element graph = child(bill.getDocumentElement(), "dependencies");
        Map<String, List<String>> needs = new LinkedHashMap<>();
        for (Element node : children(graph, "dependency")) {
            needs.put(
                    node.getAttribute("ref"),
                    children(node, "dependency").stream()
                            .map(need -> need.getAttribute("ref"))
                            .toList());
        }
        for (Element node : children(graph, "dependency")) {
            String ref = node.getAttribute("ref");
            if (dropped.contains(ref)) {
                graph.removeChild(node);
                continue;
            }
            SortedSet<String> kept = new TreeSet<>();
            follow(ref, needs, dropped, kept, new TreeSet<>());
            children(node, "dependency").forEach(node::removeChild);
            kept.forEach(need -> {
                Element edge = bill.createElementNS(node.getNamespaceURI(), "dependency");
                edge.setAttribute("ref", need);
                node.appendChild(edge);
            });
        }
    }

    private static void follow(
            String ref, Map<String, List<String>> needs, Set<String> dropped, Set<String> kept, Set<String> seen) {
        for (String need : needs.getOrDefault(ref, List.of())) {
            if (!dropped.contains(need)) {
                kept.add(need);
            } else if (seen.add(need)) {
                follow(need, needs, dropped, kept, seen);
            }
        }
    }

    private void write(Path target) throws Exception {
        try (OutputStream out = Files.newOutputStream(target.resolve("sbom.xml"))) {
            leaveOutBlanks(bill.getDocumentElement());
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.INDENT, "yes");
            transformer.transform(new DOMSource(bill), new StreamResult(out));
        }
        String lines = licenceLines.stream().sorted(String.CASE_INSENSITIVE_ORDER).map(line -> line + "\n").collect(Collectors.joining());
        Files.writeString(
                target.resolve("THIRD-PARTY.txt"),
                "Libraries in lib and in its jars, with the licences under which they are offered. What is chosen: THIRD-PARTY.md\n\n"
                        + lines);
    }

    private static void leaveOutBlanks(Element element) {
        boolean hasElements = !children(element, "*").isEmpty();
        for (Node node = element.getFirstChild(); node != null; ) {
            Node next = node.getNextSibling();
            if (hasElements && node.getNodeType() == Node.TEXT_NODE) {
                element.removeChild(node);
            }
            node = next;
        }
        children(element, "*").forEach(ArchiveContents::leaveOutBlanks);
    }

    private static Element child(Element parent, String name) {
        return children(parent, name).stream().findFirst().orElse(null);
    }

    private static String text(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? "" : child.getTextContent().trim();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList all = parent.getChildNodes();
        for (int i = 0; i < all.getLength(); i++) {
            Node node = all.item(i);
            if (node instanceof Element element && (name.equals("*") || name.equals(element.getLocalName()))) {
                found.add(element);
            }
        }
        return found;
    }
}
