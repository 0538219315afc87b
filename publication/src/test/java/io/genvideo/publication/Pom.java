/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.publication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What stands in a POM, without what it inherits. */
record Pom(Element project) {
    static Pom of(Path file) {
        try {
            return new Pom(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(file + " is no POM", e);
        }
    }

    /** The text of an element below the root, or an empty one. */
    String text(String name) {
        return text(project, name);
    }

    String property(String name) {
        return children(project, "properties")
                .findFirst()
                .map(p -> text(p, name))
                .orElse("");
    }

    Stream<String> modules() {
        return children(project, "modules")
                .flatMap(modules -> children(modules, "module"))
                .map(Element::getTextContent);
    }

    /** An element of each managed dependency. */
    Stream<String> managed(String name) {
        return children(project, "dependencyManagement")
                .flatMap(managed -> children(managed, "dependencies"))
                .flatMap(dependencies -> children(dependencies, "dependency"))
                .map(dependency -> text(dependency, name));
    }

    private static String text(Element parent, String name) {
        return children(parent, name).findFirst().map(Element::getTextContent).orElse("");
    }

    private static Stream<Element> children(Element parent, String name) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeType() == Node.ELEMENT_NODE
                        && node.getNodeName().equals(name))
                .map(Element.class::cast);
    }
}
