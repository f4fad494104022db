// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace TokenLedger.Tidy.Tests;

/// <summary>One member of a type.</summary>
/// <param name="Header">Its text up to the body, attributes and modifiers included, on one line.</param>
/// <param name="Body">Its text from the brace, arrow or sign on; empty for a declaration.</param>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
/// <param name="Lines">How many lines it takes.</param>
internal sealed record Member(string Header, string Body, int Line, int Lines);

/// <summary>
/// Finds the members of all types in a source: fields, methods, properties. It knows braces and semicolons,
/// not C#, which is enough for measuring.
/// </summary>
internal static partial class Members
{
    /// <summary>All members, in the order in which they end.</summary>
    /// <param name="code">The output of <see cref="CodeText.Of"/>.</param>
    public static IReadOnlyList<Member> Of(string code)
    {
        var members = new List<Member>();
        var types = new Stack<int>([0]);
        int depth = 0;
        int parentheses = 0;
        int start = 0;
        for (int at = 0; at < code.Length; at++)
        {
            switch (code[at])
            {
                case '(' or '[':
                    parentheses++;
                    break;
                case ')' or ']':
                    parentheses--;
                    break;
                case '{' when depth == types.Peek() && parentheses == 0
                    && TypeHeader().IsMatch(code[start..at]):
                    depth++;
                    types.Push(depth);
                    start = at + 1;
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when depth == types.Peek() && types.Count > 1:
                    types.Pop();
                    depth--;
                    start = at + 1;
                    break;
                case '}':
                    depth--;
                    if (depth == types.Peek() && parentheses == 0 && !EndsWithSemicolon(code[start..at]))
                    {
                        Add(members, code, start, at + 1);
                        start = at + 1;
                    }

                    break;
                case ';' when depth == types.Peek() && parentheses == 0:
                    Add(members, code, start, at + 1);
                    start = at + 1;
                    break;
            }
        }

        return members;
    }

    // An initializer or an expression body goes on to its semicolon, whatever braces stand in it.
    private static bool EndsWithSemicolon(string text)
    {
        int brace = text.IndexOf('{', StringComparison.Ordinal);
        return Assignment().IsMatch(brace < 0 ? text : text[..brace]);
    }

    private static void Add(List<Member> members, string code, int start, int end)
    {
        string text = code[start..end];
        string trimmed = text.TrimStart();
        start += text.Length - trimmed.Length;
        int split = trimmed.IndexOf('{', StringComparison.Ordinal);
        Match assignment = Assignment().Match(trimmed);
        int body = assignment.Success && (split < 0 || assignment.Index < split) ? assignment.Index : split;
        string header = body < 0 ? trimmed : trimmed[..body];
        members.Add(new Member(
            Spaces().Replace(header, " ").Trim(),
            body < 0 ? string.Empty : trimmed[body..],
            code.AsSpan(0, start).Count('\n') + 1,
            trimmed.Count(c => c == '\n') + 1));
    }

    // The keyword and a name: "where T : class" ends with the keyword.
    [GeneratedRegex(
        @"(^|\s)((class|struct|interface|enum|namespace|record)\s+[\w@]|extension\s*\()(?!.*=>)",
        RegexOptions.Singleline)]
    private static partial Regex TypeHeader();

    // A single "=" or an arrow outside parentheses: default arguments stand inside.
    [GeneratedRegex(
        @"(?<=^(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*)(?<![=!<>])=(?!=)",
        RegexOptions.Singleline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
