// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>Makes block 0 of a document that <see cref="GenesisValidator"/> has nothing against.
/// Pure.</summary>
public static class GenesisBuilder
{
    /// <summary>The state that the network begins with, by key in byte order.</summary>
    public static IReadOnlyList<StateChange> Changes(GenesisDocument document)
    {
        var overlay = new Overlay(NoState.Instance);
        var state = new LedgerState(overlay);
        foreach (GenesisInstitution institution in document.Institutions)
        {
            state.PutInstitution(institution.Id, new InstitutionState(
                institution.Kind,
                institution.Name,
                institution.NameUrdu,
                (ushort)institution.Officers.Length));
            foreach (GenesisOfficer officer in institution.Officers)
            {
                state.PutOfficer(
                    officer.Address, new OfficerState(institution.Id, officer.Duties, officer.Name));
            }
        }

        foreach (GenesisAccount account in document.Accounts)
        {
            state.PutAccount(account.Address, new AccountState(
                account.Kind,
                account.Institution,
                Registrar: Address.Zero,
                FreezeMode.None,
                LegalReference: ""));
        }

        foreach (GenesisAsset asset in document.Assets)
        {
            AssetDefinition definition = asset.Definition;
            state.PutAsset(new AssetState(
                definition, definition.Cap, Paused: false, (ushort)asset.Documents.Length));
            for (int i = 0; i < asset.Documents.Length; i++)
            {
                state.PutDocument(definition.Id, (ushort)i, asset.Documents[i]);
            }
        }

        foreach (ApprovalPolicy policy in document.Policies)
        {
            state.PutPolicy(policy);
        }

        overlay.Freeze();
        return overlay.Changes();
    }

    /// <summary>The header of block 0: height 0, view 0, no parent, no transactions, receipts or
    /// events.</summary>
    /// <param name="document">The document.</param>
    /// <param name="stateRoot">Root of the tree over <see cref="Changes"/>.</param>
    public static BlockHeader Header(GenesisDocument document, Hash256 stateRoot)
    {
        Hash256 empty = ListTree.Root([]);
        Hash256 validators = document.ValidatorSet.Hash;
        return new BlockHeader(
            document.Hash,
            new Epoch(0),
            new Height(0),
            new View(0),
            ParentHash: Hash256.Zero,
            document.Time,
            Proposer: Address.Zero,
            TransactionsRoot: empty,
            ReceiptsRoot: empty,
            EventsRoot: empty,
            stateRoot,
            validators,
            validators,
            MountainRange.Empty.Root());
    }

    /// <summary>The state before there is one.</summary>
    private sealed class NoState : IStateView
    {
        public static readonly NoState Instance = new();

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        {
            value = default;
            return false;
        }

        public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit) =>
            [];
    }
}
