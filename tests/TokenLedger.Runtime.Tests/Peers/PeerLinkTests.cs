// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Tests.Cluster;

namespace TokenLedger.Runtime.Tests.Peers;

public sealed class PeerLinkTests
{
    private const int Connected = 120;

    private readonly RecordingLogger _log = new();
    private readonly BlockingCollection<Exception> _fatal = [];
    private readonly Hello _hello = new() { ValidatorIndex = 7 };

    [Fact]
    public async Task Send_AfterThePeersProcessRestarted_GoesOnAfterANewHello()
    {
        int[] ports;
        PeerLink link;
        var before = new Listener();
        await using (PeerServer server = await PeerServer.StartAsync(1))
        {
            ports = [.. server.Addresses.Select(address => address.Port)];
            server.Serve(before, null);
            link = Open(server);
            Assert.Equal(_hello, before.Next().Hello);
            link.Send(Vote(1));
            Assert.Equal(Vote(1), before.Next());
        }

        // Nobody is here: what is sent now waits, the oldest goes first when it is too much.
        link.Send(Vote(2));
        await using PeerServer again = await PeerServer.StartAsync(ports);
        var after = new Listener();
        again.Serve(after, null);
        Assert.Equal(_hello, after.Next().Hello);
        link.Send(Vote(3));
        StreamVotesRequest next = after.Next();
        Assert.Equal(Vote(3), next.Equals(Vote(2)) ? after.Next() : next);
        await link.DisposeAsync();
        Assert.Empty(_fatal);
    }

    [Fact]
    public async Task Start_FailureThatNobodyForesaw_IsLoggedAndTriedAgain()
    {
        await using PeerServer server = await PeerServer.StartAsync(1);
        var listener = new Listener();
        server.Serve(listener, null);
        int failures = 2;
        _log.OnLog = id =>
        {
            if (id == Connected && Interlocked.Decrement(ref failures) >= 0)
            {
                throw new NotSupportedException("nobody foresaw this");
            }
        };
        await using PeerLink link = Open(server);
        for (int connections = 1; connections <= 3; connections++)
        {
            Assert.NotNull(listener.Next().Hello);
        }

        link.Send(Vote(1));
        Assert.Equal(Vote(1), listener.Next());
        Assert.Equal(2, _log.Messages.Count(m => m.StartsWith("125 The link to", StringComparison.Ordinal)));
        Assert.Empty(_fatal);
    }

    [Fact]
    public async Task Start_BrokenInvariant_StopsTheProcess()
    {
        await using PeerServer server = await PeerServer.StartAsync(1);
        server.Serve(new Listener(), null);
        _log.OnLog = id => Invariant.Require(id != Connected, "this does not hold");
        await using PeerLink link = Open(server);
        Assert.IsType<InvariantException>(_fatal.Take(Within.Deadline()));
    }

    /// <summary>A refusal is no connection, not for a moment: how long it lasts is counted.</summary>
    [Fact]
    public async Task Start_PeerThatHearsAnotherProcess_IsToldAsRefusedEachTimeAndNeverConnected()
    {
        const int Attempts = 50;
        await using PeerServer server = await PeerServer.StartAsync(1);
        server.Serve(new Refuser(), null);
        using var told = new BlockingCollection<bool>();
        await using (PeerLink link = Open(server, told.Add))
        {
            for (int i = 0; i < Attempts; i++)
            {
                Assert.True(told.Take(Within.Deadline()));
            }
        }

        Assert.DoesNotContain(_log.Messages, m => m.StartsWith("120 ", StringComparison.Ordinal));
    }

    private PeerLink Open(PeerServer server, Action<bool>? refused = null)
    {
        var link = new PeerLink(
            "peer", server.Connect(0), server.Connect(0), _hello, _fatal.Add, new FastTimers(), _log)
        {
            Refused = refused ?? (static _ => { }),
        };
        link.Start();
        return link;
    }

    private static StreamVotesRequest Vote(byte what) => new() { Vote = ByteString.CopyFrom([what]) };

    private sealed class Refuser : PeerService.PeerServiceBase
    {
        public override async Task<StreamVotesResponse> StreamVotes(
            IAsyncStreamReader<StreamVotesRequest> requestStream, ServerCallContext context)
        {
            Assert.True(await requestStream.MoveNext(context.CancellationToken));
            throw ErrorModel.Failure(StatusCode.FailedPrecondition, InstanceRefusals.Reason, "another");
        }
    }

    /// <summary>Takes the hello and keeps what comes.</summary>
    private sealed class Listener : PeerService.PeerServiceBase
    {
        private readonly BlockingCollection<StreamVotesRequest> _heard = [];

        public StreamVotesRequest Next() => _heard.Take(Within.Deadline());

        public override async Task<StreamVotesResponse> StreamVotes(
            IAsyncStreamReader<StreamVotesRequest> requestStream, ServerCallContext context)
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                _heard.Add(requestStream.Current);
                if (requestStream.Current.Hello is not null)
                {
                    await context.WriteResponseHeadersAsync([]);
                }
            }

            return new StreamVotesResponse();
        }
    }
}
