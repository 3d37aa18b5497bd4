/*
 * Readers SEAL CA PDF...: what Apache PDFBox, its Preflight and BouncyCastle say of certificates of ours.
 *
 * SEAL and CA are the certificates (PEM) that should have sealed them. A line for each PDF; the first thing that is
 * not as it should be ends the program with a message and status 1.
 */
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult.ValidationError;
import org.apache.pdfbox.preflight.parser.PreflightParser;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

public class Readers {
	/* Preflight knows ISO 19005-1 (PDF/A-1b) only. Our files are PDF/A-3b, and what it finds is where the parts differ. */
	static final Set<String> DIFFERENCES = Set.of(
	    /* part 3, 6.8: a file may be embedded if it says what it is to the document */
	    "1.4.7 Trailer Syntax error, EmbeddedFile entry is present in the Names dictionary",
	    "1.2.9 Body Syntax error, EmbeddedFile entry is present in a FileSpecification dictionary",
	    /* 6.3.3: an annotation of no size, as the seal's field is, needs no appearance */
	    "5.3.1 Invalid field value in an annotation definition, widget annotation lacks an appearance dictionary",
	    /* 6.2.11.4.2: CIDSet may be left out */
	    "3.1.11 Invalid Font definition, FONT: The CIDSet entry is missing for the Composite Subset",
	    /* 6.6.4: pdfaid:part is the number of the part */
	    "7.11.2 Error on MetaData, part must be 1");

	static void must(boolean so, String otherwise) {
		if (!so)
			throw new IllegalStateException(otherwise);
	}

	static X509Certificate certificate(String path) throws Exception {
		try (InputStream in = new FileInputStream(path)) {
			return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
		}
	}

	static void preflight(File pdf) throws Exception {
		Set<String> found = new TreeSet<>();
		PreflightParser parser = new PreflightParser(pdf);
		parser.parse();
		try (PreflightDocument document = parser.getPreflightDocument()) {
			document.validate();
			for (ValidationError e : document.getResult().getErrorsList())
				found.add(e.getErrorCode() + " " + e.getDetails().replaceFirst("[A-Z]{6}\\+[A-Za-z-]+:", "FONT:"));
		}
		Set<String> more = new TreeSet<>(found), less = new TreeSet<>(DIFFERENCES);
		more.removeAll(DIFFERENCES);
		less.removeAll(found);
		must(more.isEmpty(), "Preflight finds what is no difference between PDF/A-1b and PDF/A-3b: " + more);
		must(less.isEmpty(), "Preflight does not find what it should in a PDF/A-3b: " + less);
	}

	/* The certificate in a CMS that its signer names. */
	@SuppressWarnings("unchecked")
	static X509CertificateHolder named(Store<X509CertificateHolder> certificates, SignerId id) {
		List<X509CertificateHolder> named = List.copyOf(certificates.getMatches(id));
		must(named.size() == 1, "the signature does not bring its certificate");
		return named.get(0);
	}

	/* All of the file but the hex string of the seal. */
	static void coversAll(int[] range, byte[] file) {
		must(range.length == 4 && range[0] == 0 && range[2] + range[3] == file.length, "not the whole file is sealed");
		String gap = new String(file, range[1], range[2] - range[1], StandardCharsets.US_ASCII);
		must(gap.matches("<[0-9a-f]+>"), "there is more than the seal in the gap");
	}

	static SignerInformation sealedBy(X509Certificate seal, CMSSignedData cms) throws Exception {
		must(cms.isDetachedSignature() && cms.getSignerInfos().size() == 1, "not one detached signature");
		SignerInformation signer = cms.getSignerInfos().iterator().next();
		must(Arrays.equals(named(cms.getCertificates(), signer.getSID()).getEncoded(), seal.getEncoded()),
		    "sealed by another certificate");
		must(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(seal)), "the signature does not hold");
		Attribute ess = signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
		must(ess != null, "no signing-certificate-v2");
		byte[] hash = SigningCertificateV2.getInstance(ess.getAttributeValues()[0]).getCerts()[0].getCertHash();
		must(Arrays.equals(hash, sha256(seal.getEncoded())), "signing-certificate-v2 names another certificate");
		return signer;
	}

	/* "none", or the time of the RFC 3161 time-stamp over the signature. */
	static String stamped(SignerInformation signer) throws Exception {
		Attribute attribute = signer.getUnsignedAttributes() == null ? null :
		    signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
		if (attribute == null)
			return "none";
		must(attribute.getAttributeValues().length == 1, "more than one time-stamp");
		ASN1Primitive der = attribute.getAttributeValues()[0].toASN1Primitive();
		TimeStampToken token = new TimeStampToken(new CMSSignedData(der.getEncoded()));
		must(Arrays.equals(token.getTimeStampInfo().getMessageImprintDigest(), sha256(signer.getSignature())),
		    "the time-stamp is of another signature");
		token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(named(token.getCertificates(), token.getSID())));
		return token.getTimeStampInfo().getGenTime().toInstant().toString();
	}

	static byte[] sha256(byte[] bytes) throws Exception {
		return MessageDigest.getInstance("SHA-256").digest(bytes);
	}

	/* Counts what is drawn, and ends at the first character that would show as an empty box, or as nothing. */
	static class Glyphs extends PDFTextStripper {
		int drawn;

		Glyphs() throws IOException {}

		@Override
		protected void processTextPosition(TextPosition at) {
			PDType0Font font = (PDType0Font) at.getFont();
			for (int code : at.getCharacterCodes()) {
				try {
					String what = font.getName() + " has for \"" + font.toUnicode(code) + "\" ";
					must(font.codeToGID(code) != 0, what + ".notdef");
					must(font.toUnicode(code).isBlank() || !font.getPath(code).getBounds2D().isEmpty(), what + "nothing");
				} catch (IOException e) {
					throw new UncheckedIOException(e);
				}
				drawn++;
			}
		}
	}

	static int glyphs(PDDocument document) throws IOException {
		Glyphs glyphs = new Glyphs();
		glyphs.getText(document);
		return glyphs.drawn;
	}

	static String read(Path pdf, X509Certificate seal) throws Exception {
		byte[] file = Files.readAllBytes(pdf);
		try (PDDocument document = PDDocument.load(file)) {
			List<PDSignature> signatures = document.getSignatureDictionaries();
			must(signatures.size() == 1, signatures.size() + " signatures");
			PDSignature signature = signatures.get(0);
			must("ETSI.CAdES.detached".equals(signature.getSubFilter()), "SubFilter " + signature.getSubFilter());
			coversAll(signature.getByteRange(), file);
			byte[] content = signature.getSignedContent(new ByteArrayInputStream(file));
			CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(content), signature.getContents(file));
			String time = stamped(sealedBy(seal, cms));
			preflight(pdf.toFile());
			return document.getNumberOfPages() + " pages, " + glyphs(document) + " characters, signature holds, time-stamp: " + time;
		}
	}

	public static void main(String[] args) throws Exception {
		X509Certificate seal = certificate(args[0]), ca = certificate(args[1]);
		seal.verify(ca.getPublicKey());
		for (String pdf : Arrays.copyOfRange(args, 2, args.length)) {
			try {
				System.out.println(pdf + ": " + read(Path.of(pdf), seal));
			} catch (Exception e) {
				System.err.println(pdf + ": " + e);
				System.exit(1);
			}
		}
	}
}
