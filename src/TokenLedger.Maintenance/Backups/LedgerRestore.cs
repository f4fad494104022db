// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;
using TokenLedger.Crypto.Native;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Backups;

/// <summary>
/// Puts a backup's ledger in the place of a node's, once it is proved to be one: every checksum, the state
/// root from the flat state, a quorum's certificate of the head. What a validator has voted is in no backup:
/// whoever restores a ledger gets no leave to vote with it.
/// </summary>
/// <param name="genesis">The network that it must be of.</param>
/// <param name="scheme">Recovers the signers of certificates.</param>
/// <param name="open">Opens a ledger's database in a folder.</param>
public sealed class LedgerRestore(
    GenesisDocument genesis, ISignatureScheme scheme, Func<string, IKeyValueStore> open)
{
    /// <summary>The ledger's folder in a data directory.</summary>
    public const string LedgerFolder = "ledger";

    /// <summary>Restores a backup.</summary>
    /// <param name="backup">Its folder.</param>
    /// <param name="dataDirectory">Of a node that does not run; its ledger is absent or empty.</param>
    /// <param name="passphrase">Opens an encrypted backup.</param>
    /// <param name="progress">Told of the bytes done and of all bytes.</param>
    /// <param name="cancellationToken">Ends it; nothing is in place then.</param>
    /// <returns>The restored head.</returns>
    /// <exception cref="MaintenanceException">Nothing was put in place: RESTORE_TARGET, BACKUP_GENESIS,
    /// BACKUP_CORRUPT, BACKUP_INVALID or BACKUP_PASSPHRASE.</exception>
    /// <exception cref="StorageFault">A node runs on that directory (Locked).</exception>
    public ChainHead Run(
        string backup,
        string dataDirectory,
        ReadOnlySpan<byte> passphrase,
        Action<long, long>? progress,
        CancellationToken cancellationToken)
    {
        // To the end: a node that starts meanwhile would write to what is put away under it.
        Directory.CreateDirectory(dataDirectory);
        using var lease = FileLease.OfData(dataDirectory);
        string target = Path.Combine(dataDirectory, LedgerFolder);
        if (OwnFolder.IsTaken(target))
        {
            throw new MaintenanceException(
                "RESTORE_TARGET",
                $"{target} is not empty. Stop the node, move that folder away and nothing else, then"
                    + " restore.");
        }

        BackupManifest manifest = BackupManifest.Load(backup);
        if (manifest.GenesisHash != genesis.Hash)
        {
            throw OtherNetwork(manifest.GenesisHash);
        }

        string unfinished = target + ".unfinished";
        DeleteIfThere(unfinished);
        ChainHead head;
        try
        {
            BackupReader.Extract(backup, manifest, unfinished, passphrase, progress, cancellationToken);
            head = Check(unfinished, manifest);
        }
        catch
        {
            DeleteIfThere(unfinished);
            throw;
        }

        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }

        Directory.Move(unfinished, target);
        DirectorySync.Flush(dataDirectory);
        return head;
    }

    /// <summary>Opens a ledger and requires that it is whole and final.</summary>
    /// <exception cref="MaintenanceException">It is not.</exception>
    public ChainHead Check(string folder, BackupManifest? manifest)
    {
        try
        {
            using LedgerStore ledger = Open(folder);
            ChainHead head = ledger.Head;
            if (manifest is not null && (head.Height != manifest.Height || head.Hash != manifest.BlockHash
                || head.Header.StateRoot != manifest.StateRoot))
            {
                throw BackupManifest.Invalid($"The manifest is of height {manifest.Height}; the ledger in the"
                    + $" backup is at height {head.Height}, block {head.Hash}.");
            }

            RequireFinal(ledger);
            Hash256 root = StateTree.Build(ledger.StateEntries()).Root;
            IReadOnlyList<string> broken = root == head.Header.StateRoot
                ? InvariantChecker.FullCheck(ledger.State)
                : [$"its flat state has the root {root}, and its head {head.Header.StateRoot}"];
            return broken.Count == 0 ? head : throw Corrupt(string.Join("; ", broken));
        }
        catch (StorageFault e) when (e.Kind == StorageFaultKind.Genesis)
        {
            throw OtherNetwork(null);
        }
        catch (StorageFault e)
        {
            throw Corrupt(e.Message);
        }
    }

    /// <summary>Opens the ledger of a folder.</summary>
    public LedgerStore Open(string folder)
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(genesis);
        BlockHeader header = GenesisBuilder.Header(genesis, StateTree.Empty.Update(changes).Root);
        return LedgerStore.Open(open(folder), new CommittedBlock(new Block(header, []), [], [], changes));
    }

    /// <summary>True when a quorum finalized the very head.</summary>
    public bool IsFinal(LedgerStore ledger)
    {
        ChainHead head = ledger.Head;
        ValidatorSet validators = genesis.ValidatorSet;
        var subject = new VoteSubject(VoteKind.Finalize, validators.Epoch, head.View, head.Hash);
        return head.Height.Value == 0
            || (ledger.FindCertificate(head.Height) is { } found && found.Certificate.Subject == subject
                && found.Certificate.Verify(validators, genesis.Hash, scheme));
    }

    private void RequireFinal(LedgerStore ledger)
    {
        if (!IsFinal(ledger))
        {
            throw Corrupt("no quorum of this network finalized its head");
        }
    }

    private MaintenanceException OtherNetwork(Hash256? found) => new(
        "BACKUP_GENESIS",
        $"The backup is of the network {found?.ToString() ?? "of another genesis"}; the genesis file here is"
            + $" of {genesis.Hash}. Nothing was changed.");

    private static MaintenanceException Corrupt(string why) => new(
        "BACKUP_CORRUPT", $"The ledger in the backup does not hold: {why}. Nothing was put in place.");

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
