/*
 * PdfBox PREPARED FONT N FOLDER: N signed PDFs by Apache PDFBox and BouncyCastle, as their users write it, with what may be
 * kept kept: the font is parsed once. PREPARED is what prepare.sh made: the modules of the code, key and certificate.
 */
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Calendar;
import java.util.List;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.CollectionStore;

public class PdfBox {
	static final float MM = 72 / 25.4f;

	final TrueTypeFont font;
	final List<String> modules;
	final PrivateKey key;
	final X509CertificateHolder certificate;

	PdfBox(Path prepared, File font) throws Exception {
		this.font = new TTFParser().parse(font);
		modules = Files.readAllLines(prepared.resolve("modules"));
		key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(prepared.resolve("key"))));
		certificate = new X509CertificateHolder(Files.readAllBytes(prepared.resolve("certificate")));
	}

	byte[] draw(int nth) throws IOException {
		try (PDDocument document = new PDDocument()) {
			PDPage page = new PDPage(PDRectangle.A4);
			document.addPage(page);
			PDType0Font face = PDType0Font.load(document, font, true);
			try (PDPageContentStream content = new PDPageContentStream(document, page)) {
				float y = 250;
				for (String line : new String[] { "涉密信息系统集成资质证书", "示例星桥信息技术有限公司", "总体集成；软件开发；运行维护",
					 "证书编号 JC-A-999900-2026-" + (10000 + nth) }) {
					content.beginText();
					content.setFont(face, 18);
					content.newLineAtOffset(30 * MM, y * MM);
					content.showText(line);
					content.endText();
					y -= 12;
				}
				code(content);
			}
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			document.save(out);
			return out.toByteArray();
		}
	}

	/* 40 mm wide; a module is two characters of a line. */
	void code(PDPageContentStream content) throws IOException {
		float module = 40 * MM / modules.size();
		content.setNonStrokingColor(Color.BLACK);
		for (int y = 0; y < modules.size(); y++)
			for (int x = 0; x < modules.size(); x++)
				if (modules.get(y).charAt(2 * x) == '#')
					content.addRect(30 * MM + x * module, 150 * MM - y * module, module, module);
		content.fill();
	}

	/* PDFBox signs a document that was saved, by an incremental update. */
	void sign(byte[] pdf, OutputStream out) throws IOException {
		try (PDDocument document = PDDocument.load(pdf)) {
			PDSignature signature = new PDSignature();
			signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
			signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
			signature.setSignDate(Calendar.getInstance());
			document.addSignature(signature, this::cms);
			document.saveIncremental(out);
		}
	}

	byte[] cms(InputStream content) throws IOException {
		try {
			ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
			CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
			generator.addSignerInfoGenerator(
			    new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build()).build(signer, certificate));
			generator.addCertificates(new CollectionStore<>(List.of(certificate)));
			return generator.generate(new CMSProcessableByteArray(IOUtils.toByteArray(content)), false).getEncoded();
		} catch (CMSException | org.bouncycastle.operator.OperatorCreationException e) {
			throw new IOException(e);
		}
	}

	public static void main(String[] args) throws Exception {
		PdfBox peer = new PdfBox(Path.of(args[0]), new File(args[1]));
		for (int i = 0; i < Integer.parseInt(args[2]); i++)
			try (OutputStream out = new FileOutputStream(args[3] + "/" + i + ".pdf")) {
				peer.sign(peer.draw(i), out);
			}
	}
}
