// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Scrubbing;

/// <summary>
/// Checks one height after another, from the head down: each block must have the hash that its child names,
/// so that bytes which are right in themselves and stand in a wrong place are found too. Thread-safe.
/// </summary>
/// <param name="genesisHash">The network.</param>
/// <param name="validators">Whose certificates count.</param>
/// <param name="scheme">Recovers their signers.</param>
public sealed class BlockScrub(Hash256 genesisHash, ValidatorSet validators, ISignatureScheme scheme)
{
    /// <summary>What is wrong with a stored height; null when nothing.</summary>
    /// <param name="ledger">Where it is stored.</param>
    /// <param name="height">Which.</param>
    /// <param name="hash">What its block's hash must be.</param>
    /// <param name="parent">Its parent's hash; zero when there is a problem.</param>
    /// <exception cref="StorageFault">The database itself found its bytes damaged.</exception>
    public string? Problem(LedgerReader ledger, Height height, in Hash256 hash, out Hash256 parent)
    {
        StoredBlock stored = ledger.FindStored(height);
        string? problem = Problem(stored, hash, out CommittedBlock? block);
        parent = block?.Block.Header.ParentHash ?? Hash256.Zero;
        if (problem is null && ledger.FindHeight(hash) != height)
        {
            problem = "its hash is not found under its height";
        }

        for (uint i = 0; problem is null && i < block!.Block.Transactions.Length; i++)
        {
            Hash256 id = block.Block.Transactions[(int)i].IdOn(genesisHash);
            problem = ledger.FindTransaction(id) == new TransactionLocation(height, i)
                ? null
                : $"its transaction {i} is not found by its id";
        }

        return problem ?? (ledger.HasIndexesOf(height, block!.Events)
            ? null
            : "its events are not all in the histories and balances of their accounts");
    }

    /// <summary>Decodes what is stored, or what a peer says is, and checks it against the block's
    /// hash.</summary>
    /// <returns>What is wrong; null, and the block, when nothing is.</returns>
    public string? Problem(StoredBlock stored, in Hash256 hash, out CommittedBlock? block)
    {
        block = null;
        try
        {
            Block body = Block.Decode(stored.Block);
            BlockHeader header = body.Header;
            ImmutableArray<Receipt> receipts =
                List(stored.Receipts, Limits.TransactionsPerBlock, Receipt.Read);
            ImmutableArray<EventRecord> events = List(stored.Events, Limits.EventsPerBlock, EventCodec.Read);
            Certificate? certificate = stored.Certificate.Length == 0 ? null : Decode(stored.Certificate);
            string? problem = header switch
            {
                _ when header.Hash != hash => "its header is not the one that its child names",
                _ when !stored.Header.AsSpan().SequenceEqual(stored.Block.AsSpan(0, BlockHeader.Size)) =>
                    "its body carries another header",
                _ when !body.BodyMatchesHeader() => "its transactions root differs",
                _ when header.ReceiptsRoot != ListTree.Root(receipts, static (w, item) => item.Write(w)) =>
                    "its receipts root differs",
                _ when header.EventsRoot != ListTree.Root(events, EventCodec.Write) =>
                    "its events root differs",
                _ when certificate is not null && !Finalizes(certificate, header) =>
                    "its certificate is not a quorum's finalization of it",
                _ => null,
            };
            block = problem is null ? new CommittedBlock(body, receipts, events, [], certificate) : null;
            return problem;
        }
        catch (CanonicalFormatException e)
        {
            return "its bytes do not decode: " + e.Message;
        }
    }

    private static ImmutableArray<T> List<T>(byte[] bytes, int max, CanonicalRead<T> read)
    {
        var reader = new CanonicalReader(bytes);
        ImmutableArray<T> list = reader.List(max, read);
        reader.End();
        return list;
    }

    private static Certificate Decode(byte[] bytes)
    {
        var reader = new CanonicalReader(bytes);
        Certificate certificate = Certificate.Read(ref reader);
        reader.End();
        return certificate;
    }

    private bool Finalizes(Certificate certificate, BlockHeader header) =>
        certificate.Subject == new VoteSubject(VoteKind.Finalize, validators.Epoch, header.View, header.Hash)
        && certificate.Verify(validators, genesisHash, scheme);
}
