// Loads one RDF file with a pinned parser, as Protégé's library OWLAPI reads it, and prints what it found, a line each:
//   format, unparsed, guessed, undeclared, axioms, annotated, logical, violation
// It says nothing about whether that is right: the test that starts it does.
// usage: java CheckOntology.java turtle|rdfxml FILE CATALOG [MAIN]
// With MAIN, the IRI of an ontology to load from the catalog, the file's own owl:imports are not needed.
import java.io.File;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.RDFXMLDocumentFormat;
import org.semanticweb.owlapi.formats.TurtleDocumentFormat;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.io.RDFParserMetaData;
import org.semanticweb.owlapi.model.*;
import org.semanticweb.owlapi.model.parameters.Imports;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class CheckOntology {
    public static void main(String[] args) throws Exception {
        OWLDocumentFormat format = args[0].equals("rdfxml") ? new RDFXMLDocumentFormat() : new TurtleDocumentFormat();
        File catalog = new File(args[2]);
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        OWLOntologyLoaderConfiguration offline = new OWLOntologyLoaderConfiguration()
            .setFollowRedirects(false)
            .setMissingImportHandlingStrategy(MissingImportHandlingStrategy.THROW_EXCEPTION);
        manager.setOntologyLoaderConfiguration(offline);
        Map<String, File> places = places(catalog);
        File file = new File(args[1]);
        if (args.length > 3) {
            load(manager, places, places.get(args[3]), new TurtleDocumentFormat(), offline, new HashSet<>());
        }
        OWLOntology loaded = load(manager, places, file, format, offline, new HashSet<>());
        if (args.length > 3) {
            manager.applyChange(new AddImport(loaded,
                manager.getOWLDataFactory().getOWLImportsDeclaration(IRI.create(args[3]))));
        }
        Set<OWLOntology> closure = loaded.importsClosure().collect(Collectors.toSet());
        for (OWLOntology ontology : closure) {
            OWLDocumentFormat used = manager.getOntologyFormat(ontology);
            System.out.println("format\t" + used.getClass().getSimpleName());
            RDFParserMetaData data = (RDFParserMetaData) used.getOntologyLoaderMetaData().get();
            data.getUnparsedTriples().forEach(triple -> System.out.println("unparsed\t" + triple));
            data.getGuessedDeclarations().asMap().forEach((iri, types) -> System.out.println("guessed\t" + iri));
        }
        Set<String> undeclared = new TreeSet<>();
        closure.stream().flatMap(OWLOntology::signature)
            .filter(e -> !e.isBuiltIn() && !e.isOWLNamedIndividual() && !e.isOWLDatatype())
            .filter(e -> !loaded.isDeclared(e, Imports.INCLUDED))
            .forEach(e -> undeclared.add(e.toString()));
        undeclared.forEach(e -> System.out.println("undeclared\t" + e));
        System.out.println("axioms\t" + loaded.axioms(Imports.INCLUDED).count());
        System.out.println("annotated\t" + loaded.logicalAxioms(Imports.EXCLUDED).filter(OWLAxiom::isAnnotated).count());
        System.out.println("logical\t" + loaded.logicalAxioms(Imports.INCLUDED).count());
        for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(loaded).getViolations()) {
            System.out.println("violation\t" + violation.getClass().getSimpleName() + "\t"
                + violation.toString().replaceAll("\\s+", " "));
        }
    }

    // Loads a file after all that it imports, each with a pinned parser: an import left to OWLAPI is read by any parser.
    static OWLOntology load(OWLOntologyManager manager, Map<String, File> places, File file, OWLDocumentFormat format,
                            OWLOntologyLoaderConfiguration offline, Set<File> seen) throws Exception {
        seen.add(file.getCanonicalFile());
        String text = Files.readString(file.toPath());
        for (Map.Entry<String, File> place : places.entrySet()) {
            File other = place.getValue().getCanonicalFile();
            boolean named = text.contains("<" + place.getKey() + ">")
                || text.contains("imports rdf:resource=\"" + place.getKey() + "\"");
            if (named && !seen.contains(other) && manager.getOntology(IRI.create(place.getKey())) == null) {
                OWLDocumentFormat its = other.getName().endsWith(".owl") ? new RDFXMLDocumentFormat()
                    : new TurtleDocumentFormat();
                load(manager, places, other, its, offline, seen);
            }
        }
        return manager.loadOntologyFromOntologyDocument(new FileDocumentSource(file, format), offline);
    }

    static Map<String, File> places(File catalog) throws Exception {
        Map<String, File> places = new HashMap<>();
        NodeList entries = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(catalog)
            .getElementsByTagName("uri");
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            places.put(entry.getAttribute("name"), new File(catalog.getParentFile(), entry.getAttribute("uri")));
        }
        return places;
    }
}
