// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>Which end of a text stands at its place, on the paper, whatever the language.</summary>
internal enum TextEnd
{
    /// <summary>It runs to the right of its place.</summary>
    Left,

    /// <summary>Its middle is at its place.</summary>
    Middle,

    /// <summary>It runs to the left of its place.</summary>
    Right,
}

/// <summary>
/// Writes one svg element. Colours and fonts are classes of the stylesheet, and there is no style attribute:
/// a page's content security policy allows none. Coordinates are whole units of the view box.
/// </summary>
internal sealed class SvgWriter
{
    /// <summary>Width of every view box: that of a small phone, so that letters stay legible there.</summary>
    public const int Width = 400;

    private readonly StringBuilder _svg = new();
    private readonly bool _rightToLeft;

    /// <summary>Opens the element, with its title and description for who cannot see it.</summary>
    /// <exception cref="ArgumentException">The id could not stand in an attribute.</exception>
    public SvgWriter(ChartFrame frame, string description, int height)
    {
        if (frame.Id.Length == 0 || frame.Id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)
            && c != '-'))
        {
            throw new ArgumentException($"'{frame.Id}' is no id of a chart.", nameof(frame));
        }

        _rightToLeft = frame.Language.IsRightToLeft;
        Append($"<svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\"");
        Append($" aria-labelledby=\"{frame.Id}-t {frame.Id}-d\" direction=\"ltr\">");
        Append($"<title id=\"{frame.Id}-t\">{Encode(frame.Title)}</title>");
        Append($"<desc id=\"{frame.Id}-d\">{Encode(description)}</desc>");
    }

    /// <summary>A rectangle; nothing when it has no area.</summary>
    public void Rectangle(int x, int y, int width, int height, string style)
    {
        if (width > 0 && height > 0)
        {
            Append($"<rect class=\"{style}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
        }
    }

    /// <summary>A horizontal line.</summary>
    public void Line(int x1, int x2, int y, string style) =>
        Append($"<path class=\"{style}\" d=\"M{x1} {y}H{x2}\"/>");

    /// <summary>A path.</summary>
    public void Path(string data, string style) => Append($"<path class=\"{style}\" d=\"{data}\"/>");

    /// <summary>A number or date: it runs from left to right in every language.</summary>
    public void Number(int x, int y, TextEnd end, string text) =>
        Append($"<text x=\"{x}\" y=\"{y}\"{Anchor(end, false)}>{Encode(text)}</text>");

    /// <summary>Words, which run as the language does.</summary>
    public void Words(int x, int y, TextEnd end, string text)
    {
        string direction = _rightToLeft ? " direction=\"rtl\"" : "";
        Append($"<text x=\"{x}\" y=\"{y}\"{direction}{Anchor(end, _rightToLeft)}>{Encode(text)}</text>");
    }

    /// <summary>Closes the element.</summary>
    public Markup Close() => Markup.Built(_svg.Append("</svg>").ToString());

    // SVG anchors by the start of the text, which for Urdu is on the right.
    private static string Anchor(TextEnd end, bool rightToLeft) => end switch
    {
        TextEnd.Middle => " text-anchor=\"middle\"",
        TextEnd.Right when !rightToLeft => " text-anchor=\"end\"",
        TextEnd.Left when rightToLeft => " text-anchor=\"end\"",
        _ => "",
    };

    private static string Encode(string text) => Markup.Encoder.Encode(text);

    private void Append(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
