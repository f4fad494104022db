// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Evm;

/// <summary>Reads <c>name(type [indexed] [name],…)</c>, as Solidity's sources have it.</summary>
internal static class AbiSignature
{
    public static (string Name, ImmutableArray<Parameter> Parameters, string Tail) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > EvmLimits.SignatureChars)
        {
            throw new EvmFormatException($"A signature has more than {EvmLimits.SignatureChars} characters.");
        }

        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !IsName(text.AsSpan(0, open)))
        {
            throw new EvmFormatException($"\"{text}\" does not begin with a name and its parameters.");
        }

        int end = open + 1;
        ImmutableArray<Parameter> parameters = List(text, ref end);
        return (text[..open], parameters, text[end..]);
    }

    /// <summary>The parameters from after a parenthesis to its end.</summary>
    public static ImmutableArray<Parameter> List(string text, ref int at)
    {
        ImmutableArray<Parameter>.Builder parameters = ImmutableArray.CreateBuilder<Parameter>();
        int start = at;
        for (int depth = 0; at < text.Length; at++)
        {
            bool closes = text[at] == ')' && depth == 0;
            if (closes || (text[at] == ',' && depth == 0))
            {
                if (!closes || parameters.Count > 0 || at > start)
                {
                    parameters.Add(One(text[start..at]));
                }

                start = at + 1;
            }

            if (closes)
            {
                at++;
                return parameters.DrainToImmutable();
            }

            depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        throw new EvmFormatException($"The parameters of \"{text}\" do not end.");
    }

    public static bool IsName(ReadOnlySpan<char> text) => text.Length > 0 && !char.IsAsciiDigit(text[0])
        && text.IndexOfAnyExcept(Letters) < 0;

    private static System.Buffers.SearchValues<char> Letters { get; } = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$");

    private static Parameter One(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool indexed = words.Length > 1 && words[1] == "indexed";
        string[] names = words.Length > 0 ? words[(indexed ? 2 : 1)..] : [];
        return words.Length > 0 && (names.Length == 0 || (names.Length == 1 && IsName(names[0])))
            ? new Parameter(AbiType.Parse(words[0]), indexed)
            : throw new EvmFormatException($"\"{text}\" is no parameter.");
    }

    internal readonly record struct Parameter(AbiType Type, bool Indexed);
}
