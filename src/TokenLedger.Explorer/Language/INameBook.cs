// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <summary>
/// Who and what the ledger's addresses and symbols are, as of the height that a page is of. Names come back as
/// they were written: hostile, for all we know. Addresses are the 20 bytes of the wire.
/// </summary>
internal interface INameBook
{
    /// <summary>Name of an institution; null for one that is not known.</summary>
    string? Institution(ReadOnlySpan<byte> institution, SiteLanguage language);

    /// <summary>
    /// Name for an account: its institution's or its officer's. Null for citizens, who have no name here.
    /// </summary>
    string? Account(ReadOnlySpan<byte> account, SiteLanguage language);

    /// <summary>The institution that issues an asset, as bytes; empty for an asset that is not known.</summary>
    ReadOnlyMemory<byte> Issuer(string asset);

    /// <summary>An asset's decimals; null for one that is not known.</summary>
    int? Decimals(string asset);
}
