// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// HTML that is safe to write to a page as it is. It comes out of encoded text, out of other markup, or out
/// of constants of this program; there is no way from somebody's text to markup but through the encoder.
/// </summary>
internal sealed class Markup : IHtmlContent
{
    private readonly string _html;

    private Markup(string html) => _html = html;

    /// <summary>
    /// Encodes what means something in HTML, and leaves Urdu as it is: as numeric references each letter
    /// would take eight bytes.
    /// </summary>
    public static HtmlEncoder Encoder { get; } = HtmlEncoder.Create(
        UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.LatinExtendedA,
        UnicodeRanges.Arabic, UnicodeRanges.GeneralPunctuation);

    /// <summary>Nothing.</summary>
    public static Markup Empty { get; } = new("");

    /// <summary>This program's own text, encoded.</summary>
    public static Markup Text(string text) => new(Encoder.Encode(text));

    /// <summary>
    /// Somebody's text: made visible, bounded, encoded, and kept apart from the text around it, whatever its
    /// direction.
    /// </summary>
    public static Markup Name(string text, int maxCharacters = VisibleText.MaxName) =>
        new($"<bdi>{Encoder.Encode(VisibleText.Of(text, maxCharacters))}</bdi>");

    /// <summary>A number, hash or address: kept apart from the text around it; the title has it in
    /// full.</summary>
    public static Markup Value(string text, string? title = null) => new(title is null || title == text
        ? $"<bdi class=\"v\">{Encoder.Encode(text)}</bdi>"
        : $"<bdi class=\"v\" title=\"{Encoder.Encode(title)}\">{Encoder.Encode(text)}</bdi>");

    /// <summary>A whole hash or address, to be read and copied digit by digit.</summary>
    public static Markup Code(string text) => new($"<code>{Encoder.Encode(text)}</code>");

    /// <summary>A link within this site.</summary>
    /// <param name="path">Path, begins with one slash.</param>
    /// <param name="content">What is seen of it.</param>
    /// <exception cref="ArgumentException">The path leads to another site or is a script.</exception>
    public static Markup Link(string path, Markup content) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
            && !path.StartsWith("/\\", StringComparison.Ordinal)
            ? new Markup($"<a href=\"{Encoder.Encode(path)}\">{content._html}</a>")
            : throw new ArgumentException("A link stays within the site.", nameof(path));

    /// <summary>
    /// Somebody's address of something elsewhere: a link for what is plain https, else to be read only. The
    /// address is shown as it is, so that nobody is led where they do not see.
    /// </summary>
    public static Markup Foreign(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeHttps
            && parsed.UserInfo.Length == 0 && uri.All(static c => c is > ' ' and < '\x7f')
            ? new Markup(
                $"<a href=\"{Encoder.Encode(uri)}\" rel=\"noopener noreferrer nofollow\">"
                    + $"<code>{Encoder.Encode(uri)}</code></a>")
            : Name(uri, VisibleText.MaxSentence);

    /// <summary>A point in time with its machine-readable form.</summary>
    /// <param name="universal">ISO 8601, UTC.</param>
    /// <param name="text">What is read.</param>
    public static Markup Time(string universal, string text) =>
        new($"<time datetime=\"{Encoder.Encode(universal)}\"><bdi>{Encoder.Encode(text)}</bdi></time>");

    /// <summary>Some markup after another.</summary>
    public static Markup Concat(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p._html)));

    /// <summary>Some markup with a text of this program between.</summary>
    public static Markup Join(string between, IEnumerable<Markup> parts) =>
        new(string.Join(Encoder.Encode(between), parts.Select(p => p._html)));

    /// <summary>Markup that this program built element by element, encoding all text on the way.</summary>
    public static Markup Built(string html) => new(html);

    /// <summary>What is read of it, without its elements.</summary>
    public string PlainText()
    {
        var text = new StringBuilder(_html.Length);
        bool inside = false;
        foreach (char c in _html)
        {
            // All of it is written by this program: an angle bracket in a text or value is encoded.
            inside = c == '<' || (inside && c != '>');
            if (!inside && c != '>')
            {
                text.Append(c);
            }
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    /// <inheritdoc/>
    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(_html);

    /// <summary>The HTML.</summary>
    public override string ToString() => _html;
}
