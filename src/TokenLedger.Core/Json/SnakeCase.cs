// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace TokenLedger.Core.Json;

/// <summary>Names of enum values as files spell them: TreasuryBill is treasury_bill. Pure.</summary>
public static class SnakeCase
{
    /// <summary>An enum value's name: an underscore before each inner capital, all in lower case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Of(value.ToString());

    /// <summary>
    /// Finds the value of a name. Only the exact spelling of a defined, single value is taken.
    /// </summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum
    {
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) == name)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All names of an enum, by value.</summary>
    public static IReadOnlyList<string> Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    private static string Of(string pascal)
    {
        var name = new StringBuilder(pascal.Length + 4);
        for (int i = 0; i < pascal.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(pascal[i]))
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(pascal[i]));
        }

        return name.ToString();
    }
}
