// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Storage.CrashHost;

/// <summary>
/// Usage: directory seed. Goes on where the directory's ledger ends, and prints "vote V" and "block H" on a
/// line each, only after that vote's record or that block is durable. Runs until it is killed.
/// </summary>
public static class Program
{
    public const int TransfersPerBlock = 25;
    public const int Accounts = 50;

    public static int Main(string[] args)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (args.Length != 2 || !int.TryParse(args[1], NumberStyles.None, culture, out int seed))
        {
            Console.Error.WriteLine("usage: CrashHost directory seed");
            return 2;
        }

        var chain = new SampleChain(seed, TransfersPerBlock, Accounts);
        using LedgerStore ledger = OpenLedger(args[0], chain);
        using ConsensusLog log = OpenLog(args[0], chain);
        while (chain.Head.Block.Header.Height < ledger.Head.Height)
        {
            chain.Next();
        }

        while (true)
        {
            Step(ledger, log, chain.Next());
        }
    }

    public static LedgerStore OpenLedger(string directory, SampleChain chain) => LedgerStore.Open(
        RocksKeyValueStore.Open(
            Path.Combine(directory, "ledger"), LedgerFormat.Families, RocksOptions.Ledger),
        chain.Genesis);

    public static ConsensusLog OpenLog(string directory, SampleChain chain) => ConsensusLog.Open(
        RocksKeyValueStore.Open(
            Path.Combine(directory, "consensus"), ConsensusLog.Families, RocksOptions.Consensus),
        chain.GenesisHash);

    private static void Step(LedgerStore ledger, ConsensusLog log, CommittedBlock next)
    {
        BlockHeader header = next.Block.Header;
        Certificate certificate = SampleChain.Finalize(header);
        log.PutCandidate(header.Hash, next.Block.Encode());
        DurableVote vote = log.Append([
            new OwnVoteRecord(new VoteSubject(VoteKind.Notarize, header.Epoch, header.View, header.Hash)),
            new CertificateRecord(certificate),
            new CertificationRecord(header.View, header.Hash, Valid: true),
        ])[0];
        Print("vote", vote.Subject.View.ToString());
        ledger.Commit(next);
        Print("block", header.Height.ToString());
        log.SetFloor(certificate);
        if (header.Height.Value % 8 == 0)
        {
            // The record of the floor's own view stays, so that something can be looked for.
            log.Prune(header.View);
            log.PruneCandidates(header.View);
        }
    }

    private static void Print(string what, string number)
    {
        Console.Out.WriteLine(what + " " + number);
        Console.Out.Flush();
    }
}
