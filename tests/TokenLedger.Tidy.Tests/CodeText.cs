// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Tidy.Tests;

/// <summary>
/// C# source with the contents of comments, strings and characters blanked out, each line in its place: what
/// is left is code, and a word in it is a word of the program.
/// </summary>
internal static class CodeText
{
    /// <summary>Blanks out everything that is not code.</summary>
    public static string Of(string source)
    {
        char[] text = source.ToCharArray();
        int at = 0;
        while (at < text.Length)
        {
            at = text[at] switch
            {
                '/' when At(text, at + 1) == '/' => Blank(text, at, LineEnd(text, at)),
                '/' when At(text, at + 1) == '*' => Blank(text, at, After(text, at + 2, "*/")),
                '\'' => Blank(text, at, Quoted(text, at, '\'')),
                '"' when IsVerbatim(text, at) => Blank(text, at, Verbatim(text, at)),
                '"' when At(text, at + 1) == '"' && At(text, at + 2) == '"' => Blank(text, at, Raw(text, at)),
                '"' => Blank(text, at, Quoted(text, at, '"')),
                _ => at + 1,
            };
        }

        return new string(text);
    }

    private static char At(char[] text, int index) => index < text.Length ? text[index] : '\0';

    private static bool IsVerbatim(char[] text, int quote) =>
        quote > 0
            && (text[quote - 1] == '@' || (text[quote - 1] == '$' && quote > 1 && text[quote - 2] == '@'));

    private static int LineEnd(char[] text, int from)
    {
        int end = Array.IndexOf(text, '\n', from);
        return end < 0 ? text.Length : end;
    }

    private static int After(char[] text, int from, string mark)
    {
        int end = new string(text).IndexOf(mark, from, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + mark.Length;
    }

    // Ends at the quote, or at the end of the line: a quote that does not close there is no string of ours.
    private static int Quoted(char[] text, int from, char quote)
    {
        for (int i = from + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == quote)
            {
                return i + 1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return LineEnd(text, from);
    }

    private static int Verbatim(char[] text, int from)
    {
        for (int i = from + 1; i < text.Length; i++)
        {
            if (text[i] == '"' && At(text, i + 1) != '"')
            {
                return i + 1;
            }

            i += text[i] == '"' ? 1 : 0;
        }

        return text.Length;
    }

    private static int Raw(char[] text, int from)
    {
        int quotes = 0;
        while (At(text, from + quotes) == '"')
        {
            quotes++;
        }

        return After(text, from + quotes, new string('"', quotes));
    }

    private static int Blank(char[] text, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            text[i] = text[i] == '\n' ? '\n' : ' ';
        }

        return to;
    }
}
