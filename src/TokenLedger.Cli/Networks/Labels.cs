// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// Short names of institutions, officers and accounts. They become file names, so their form is narrow.
/// </summary>
internal static class Labels
{
    private const int MaxLength = 40;

    /// <summary>
    /// Reads a label: a lower-case letter, then lower-case letters, digits and inner hyphens.
    /// </summary>
    public static string Read(StrictValue value)
    {
        string label = value.Text(MaxLength);
        bool wellFormed = label.Length > 0
            && char.IsAsciiLetterLower(label[0])
            && label[^1] != '-'
            && label.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        return wellFormed
            ? label
            : throw value.Unexpected(
                $"a label: a–z first, then a–z, 0–9 and '-', at most {MaxLength} characters");
    }

    /// <summary>
    /// An institution's id: the last 20 bytes of a hash of its label. It is no key's address, and the same
    /// institution has the same id in every network that is made from the template.
    /// </summary>
    public static Address InstitutionId(string label)
    {
        Hash256 hash = Keccak256.Hash(Encoding.UTF8.GetBytes("TokenLedger institution " + label));
        return new Address(hash.ToArray().AsSpan(Hash256.Size - Address.Size));
    }
}
