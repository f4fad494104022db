// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Genesis;

namespace TokenLedger.Execution;

/// <summary>Says what is wrong with a genesis document. Pure.</summary>
public static class GenesisValidator
{
    /// <summary>Everything that is wrong, in words; empty when a network may begin with it.</summary>
    public static IReadOnlyList<string> Problems(GenesisDocument document) => throw new NotImplementedException();
}
