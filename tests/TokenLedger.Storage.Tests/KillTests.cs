// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>A real process, really killed, again and again on the same directory.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 6;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Kill_WhileWriting_LosesNothingThatWasAcknowledged()
    {
        int seed = RandomNumberGenerator.GetInt32(0x10000);
        var random = new Random(seed);
        ulong head = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            (ulong block, ulong vote) = RunAndKill(seed, acknowledgements: random.Next(5, 60));
            try
            {
                Assert.True(block > head);
                head = Verify(seed, block, vote);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, kill {kill}", e);
            }
        }
    }

    /// <summary>
    /// Runs the host until it has acknowledged so many blocks, kills it at once, and reads the rest.
    /// </summary>
    private (ulong Block, ulong Vote) RunAndKill(int seed, int acknowledgements)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", typeof(Program).Assembly.Location, _directory.Path,
                seed.ToString(CultureInfo.InvariantCulture),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process host = Process.Start(start)!;
        (ulong block, ulong vote) = (0, 0);
        bool killed = false;
        try
        {
            while (host.StandardOutput.ReadLine() is { } line)
            {
                string[] parts = line.Split(' ');
                ulong number = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
                (block, vote) = parts[0] == "block" ? (number, vote) : (block, number);
                if (parts[0] == "block" && --acknowledgements == 0)
                {
                    host.Kill();
                    killed = true;
                }
            }
        }
        finally
        {
            host.Kill();
            host.WaitForExit();
        }

        Assert.True(killed, host.StandardError.ReadToEnd());
        return (block, vote);
    }

    /// <summary>Everything acknowledged is there, and everything that is there fits together.</summary>
    /// <returns>The height of the head.</returns>
    private ulong Verify(int seed, ulong block, ulong vote)
    {
        SampleChain Fresh() => new(seed, Program.TransfersPerBlock, Program.Accounts);
        SampleChain chain = Fresh();
        using LedgerStore ledger = Program.OpenLedger(_directory.Path, chain);
        using ConsensusLog log = Program.OpenLog(_directory.Path, chain);
        Height head = ledger.Head.Height;
        Assert.InRange(head.Value, block, block + 1);
        LedgerChecks.HoldsChain(ledger, Fresh(), head);

        OwnVoteRecord[] votes = [.. log.Replay().OfType<OwnVoteRecord>()];
        Assert.Contains(votes, own => own.View == new View(vote));
        Assert.Equal(votes.OrderBy(own => own.View).Select(own => own.View), votes.Select(own => own.View));
        foreach (OwnVoteRecord own in votes)
        {
            bool found = log.TryGetCandidate(own.Subject.BlockHash, out byte[]? candidate);
            Assert.True(found, $"view {own.View}");
            Assert.Equal(own.Subject.BlockHash, Block.Decode(candidate!).Hash);
        }

        View floor = log.Floor!.Subject.View;
        Assert.True(floor <= ledger.Head.View, "the floor never passes the ledger's head");
        return head.Value;
    }
}
