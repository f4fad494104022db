// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>Makes block 0 of a document that <see cref="GenesisValidator"/> has nothing against. Pure.</summary>
public static class GenesisBuilder
{
    /// <summary>The state that the network begins with, by key in byte order.</summary>
    public static IReadOnlyList<StateChange> Changes(GenesisDocument document) => throw new NotImplementedException();

    /// <summary>The header of block 0: height 0, view 0, no parent, no transactions, receipts or events.</summary>
    /// <param name="document">The document.</param>
    /// <param name="stateRoot">Root of the tree over <see cref="Changes"/>.</param>
    public static BlockHeader Header(GenesisDocument document, Hash256 stateRoot) =>
        throw new NotImplementedException();
}
