// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>The peers' port: who gets in, and what nonsense from one of our own does.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class PeerPortTests(ProcessCluster cluster, ITestOutputHelper output)
{
    /// <summary>The validator that is down, while its certificate is ours.</summary>
    private const int Borrowed = 3;

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Connect_ForeignCertificateOrNone_IsRefused()
    {
        await cluster.EnsureWholeAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=validator-1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 foreign = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        foreach (X509Certificate2? certificate in new[] { foreign, null })
        {
            using RpcChannel channel = Connect(0, certificate);
            RpcException refused = await Assert.ThrowsAsync<RpcException>(
                () => OpenAsync(new PeerService.PeerServiceClient(channel), Hello(cluster, Borrowed)));
            Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        }
    }

    [Fact]
    public async Task ApiPort_CalledForPeersServices_DoesNotServeThem()
    {
        await cluster.EnsureWholeAsync();
        using var channel = RpcChannel.ForAddress(cluster.Api(0));
        RpcException peers = await Assert.ThrowsAsync<RpcException>(
            () => OpenAsync(new PeerService.PeerServiceClient(channel), Hello(cluster, Borrowed)));
        Assert.Equal(StatusCode.Unimplemented, peers.StatusCode);
        RpcException sync = await Assert.ThrowsAsync<RpcException>(async () =>
            await new SyncService.SyncServiceClient(channel).ListCertificatesAsync(
                new ListCertificatesRequest()));
        Assert.Equal(StatusCode.Unimplemented, sync.StatusCode);
    }

    [Fact]
    public async Task Stream_WrongHello_IsRefusedWithItsReason()
    {
        await cluster.EnsureWholeAsync();
        cluster.Kill(Borrowed);
        using X509Certificate2 certificate = BorrowedCertificate();
        using RpcChannel channel = Connect(0, certificate);
        var peers = new PeerService.PeerServiceClient(channel);
        Hello right = Hello(cluster, Borrowed);
        (string Reason, StreamVotesRequest First)[] cases =
        [
            ("WRONG_NETWORK", With(hello => hello.GenesisHash = ByteString.CopyFrom(new byte[Hash256.Size]))),
            ("PEER_MISMATCH", With(hello => hello.ValidatorIndex = 0)),
            ("PROTOCOL_VERSION", With(hello => hello.ProtocolVersion = 99)),
            ("HELLO_MISSING", new StreamVotesRequest { Vote = ByteString.CopyFromUtf8("vote") }),
        ];
        foreach ((string reason, StreamVotesRequest first) in cases)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => OpenAsync(peers, first));
            Assert.Equal(reason, ErrorModel.Read(refused)?.Reason);
        }

        await cluster.EnsureWholeAsync();

        StreamVotesRequest With(Action<Hello> change)
        {
            Hello hello = right.Clone();
            change(hello);
            return new StreamVotesRequest { Hello = hello };
        }
    }

    [Fact]
    public async Task Stream_MalformedMessagesFromAValidator_AreDroppedAndTheNodeGoesOn()
    {
        const int Messages = 400;
        const int Target = 0;
        await cluster.EnsureWholeAsync();
        cluster.Kill(Borrowed);
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using X509Certificate2 certificate = BorrowedCertificate();
        using RpcChannel channel = Connect(Target, certificate);
        var peers = new PeerService.PeerServiceClient(channel);
        var hello = new StreamVotesRequest { Hello = Hello(cluster, Borrowed) };
        await Deadline.UntilAsync("the node sees that the validator is gone", CallWithin, async () =>
        {
            try
            {
                await OpenAsync(peers, hello);
                return true;
            }
            catch (RpcException e) when (ErrorModel.Read(e)?.Reason == "DUPLICATE_VALIDATOR")
            {
                return false;
            }
        });
        using AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse> votes = peers.StreamVotes();
        await votes.RequestStream.WriteAsync(hello);
        await votes.ResponseHeadersAsync.WaitAsync(CallWithin);
        using AsyncClientStreamingCall<StreamBulkRequest, StreamBulkResponse> bulk = peers.StreamBulk();
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest { Hello = hello.Hello });
        await bulk.ResponseHeadersAsync.WaitAsync(CallWithin);

        for (int i = 0; i < Messages; i++)
        {
            await votes.RequestStream.WriteAsync(Nonsense(random));
            await bulk.RequestStream.WriteAsync(BulkNonsense(random));
        }

        await votes.RequestStream.CompleteAsync();
        await bulk.RequestStream.CompleteAsync();
        await votes.ResponseAsync.WaitAsync(CallWithin);
        await bulk.ResponseAsync.WaitAsync(CallWithin);
        ulong height = (await cluster.StatusAsync(Target)).Height;
        await cluster.ReachAsync(height + 3, TimeSpan.FromSeconds(20), 0, 1, 2);
        Assert.Contains("validator-4", cluster.Log(Target), StringComparison.Ordinal);
        await cluster.EnsureWholeAsync();
    }

    [Fact]
    public async Task Stream_FarViewsAndOversizedMessagesOfAValidator_AreBounded()
    {
        const int Votes = 30_000;
        const int Target = 0;
        await cluster.EnsureWholeAsync();
        cluster.Kill(Borrowed);
        using X509Certificate2 certificate = BorrowedCertificate();
        using RpcChannel channel = Connect(Target, certificate);
        var peers = new PeerService.PeerServiceClient(channel);
        using PrivateKey key = BorrowedVoteKey();
        using AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse> votes = peers.StreamVotes();
        await votes.RequestStream.WriteAsync(new StreamVotesRequest { Hello = Hello(cluster, Borrowed) });
        await votes.ResponseHeadersAsync.WaitAsync(CallWithin);
        for (ulong i = 0; i < Votes; i++)
        {
            // Rightly signed, each for another view ahead, up to the last there is.
            var subject = new VoteSubject(
                VoteKind.Nullify, new Epoch(0), new View(i % 2 == 0 ? 1_000_000 + i : ulong.MaxValue - i),
                Hash256.Zero);
            Hash256 digest = subject.SigningDigest(cluster.Client.Digest.GenesisHash);
            byte[] vote = StateCodec.Encode(
                new Vote(subject, Borrowed, [.. key.Sign(digest)]), static (writer, v) => v.Write(writer));
            await votes.RequestStream.WriteAsync(new StreamVotesRequest { Vote = ByteString.CopyFrom(vote) });
        }

        using AsyncClientStreamingCall<StreamBulkRequest, StreamBulkResponse> bulk = peers.StreamBulk();
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest { Hello = Hello(cluster, Borrowed) });
        await bulk.ResponseHeadersAsync.WaitAsync(CallWithin);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await bulk.RequestStream.WriteAsync(
                new StreamBulkRequest { Block = ByteString.CopyFrom(new byte[Limits.PeerMessageBytes]) });
            await bulk.RequestStream.CompleteAsync();
            await bulk.ResponseAsync.WaitAsync(CallWithin);
        });
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);

        long resident = await ResidentMemory.OfAsync(cluster.Operations(Target));
        output.WriteLine($"resident memory {resident / (1024 * 1024)} MiB");
        Assert.True(resident < ResidentMemory.Limit, $"{resident} bytes are resident");
        ulong height = (await cluster.StatusAsync(Target)).Height;
        await cluster.ReachAsync(height + 3, TimeSpan.FromSeconds(20), 0, 1, 2);
        await cluster.EnsureWholeAsync();
    }

    [Fact]
    public async Task Stream_MoreCallsThanAPeerMayHaveOpen_AreRefused()
    {
        await cluster.EnsureWholeAsync();
        cluster.Kill(Borrowed);
        using X509Certificate2 certificate = BorrowedCertificate();
        var calls = new List<AsyncClientStreamingCall<StreamBulkRequest, StreamBulkResponse>>();
        RpcChannel[] channels = [Connect(0, certificate), Connect(0, certificate)];
        try
        {
            var hello = new StreamBulkRequest { Hello = Hello(cluster, Borrowed) };
            int refused = 0;
            for (int i = 0; i < Limits.PeerOpenCalls + 8; i++)
            {
                var call = new PeerService.PeerServiceClient(channels[i % 2]).StreamBulk();
                calls.Add(call);
                try
                {
                    await call.RequestStream.WriteAsync(hello);
                    await call.ResponseHeadersAsync.WaitAsync(CallWithin);
                    await call.ResponseAsync.WaitAsync(TimeSpan.FromMilliseconds(20));
                }
                catch (TimeoutException)
                {
                    // It is open.
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
                {
                    refused++;
                }
            }

            Assert.Equal(8, refused);
        }
        finally
        {
            calls.ForEach(static call => call.Dispose());
            Array.ForEach(channels, static channel => channel.Dispose());
        }

        await cluster.EnsureWholeAsync();
    }

    [Fact]
    public async Task Connect_SocketsThatSayNothing_AreClosedAndKeepNobodyOut()
    {
        const int Target = 0;
        await cluster.EnsureWholeAsync();
        var sockets = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 4 * Limits.PeerHandshakes; i++)
            {
                sockets.Add(new TcpClient());
                await sockets[i].ConnectAsync(IPAddress.Loopback, cluster.PeerPort(Target));
            }

            // A validator that comes back meanwhile is let in.
            cluster.Kill(Borrowed);
            cluster.Start(Borrowed);
            await cluster.EnsureWholeAsync();
            using var patience = new CancellationTokenSource(
                TimeSpan.FromMilliseconds(Limits.PeerHandshakeMs) + CallWithin);
            await Task.WhenAll(sockets.Select(socket => RequireClosedAsync(socket, patience.Token)));
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private static async Task RequireClosedAsync(TcpClient socket, CancellationToken patience)
    {
        try
        {
            Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1], patience));
        }
        catch (IOException)
        {
            // Reset, which is closed too.
        }
    }

    private PrivateKey BorrowedVoteKey()
    {
        string keys = Path.Combine(cluster.NodeFolder(Borrowed), "keys");
        byte[] password = File.ReadAllBytes(Path.Combine(keys, "password"));
        return KeystoreFolder.Load(Path.Combine(keys, "vote.json"), password.AsSpan().TrimEnd("\r\n"u8));
    }

    private static StreamVotesRequest Nonsense(Random random) => random.Next(6) switch
    {
        0 => new StreamVotesRequest { Vote = Bytes(random, 200) },
        1 => new StreamVotesRequest { Proposal = Bytes(random, 1_000) },
        2 => new StreamVotesRequest { Certificate = Bytes(random, 400) },
        3 => new StreamVotesRequest { Status = new PeerStatus { Height = 1, StateRoot = Bytes(random, 40) } },
        4 => new StreamVotesRequest { Hello = new Hello() },
        _ => new StreamVotesRequest(),
    };

    private static StreamBulkRequest BulkNonsense(Random random) => random.Next(4) switch
    {
        0 => new StreamBulkRequest { Block = Bytes(random, 4_000) },
        1 => new StreamBulkRequest
        {
            Transactions = new TransactionBatch { Transactions = { Bytes(random, 300) } },
        },
        2 => new StreamBulkRequest { Hello = new Hello() },
        _ => new StreamBulkRequest(),
    };

    /// <summary>
    /// Random bytes of any length up to a most; half of them begin with what small fields look like.
    /// </summary>
    private static ByteString Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            bytes.AsSpan(0, Math.Min(bytes.Length, 24)).Clear();
            bytes.AsSpan(0, Math.Min(bytes.Length, 1)).Fill((byte)random.Next(5));
        }

        return ByteString.CopyFrom(bytes);
    }

    private static Task OpenAsync(PeerService.PeerServiceClient peers, Hello hello) =>
        OpenAsync(peers, new StreamVotesRequest { Hello = hello });

    /// <summary>
    /// Opens a stream; fails as the other side says, or when it takes what it should refuse.
    /// </summary>
    private static async Task OpenAsync(PeerService.PeerServiceClient peers, StreamVotesRequest first)
    {
        using AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse> call =
            peers.StreamVotes(deadline: Deadline.In(CallWithin));
        try
        {
            await call.RequestStream.WriteAsync(first);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The answer tells why.
        }

        await call.ResponseAsync;
    }

    private static Hello Hello(ProcessCluster cluster, int index) => new()
    {
        ProtocolVersion = 1,
        GenesisHash = ByteString.CopyFrom(cluster.Client.Digest.GenesisHash.ToArray()),
        ValidatorIndex = (uint)index,
    };

    private X509Certificate2 BorrowedCertificate()
    {
        string tls = Path.Combine(cluster.NodeFolder(Borrowed), "tls");
        return X509Certificate2.CreateFromPemFile(
            Path.Combine(tls, "cert.pem"), Path.Combine(tls, "key.pem"));
    }

    private RpcChannel Connect(int node, X509Certificate2? certificate)
    {
        using X509Certificate2 server = X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(cluster.NodeFolder(node), "tls", "cert.pem"));
        byte[] expected = server.GetPublicKey();
        return RpcChannel.ForAddress(
            new Uri($"https://127.0.0.1:{cluster.PeerPort(node)}"),
            new RpcChannelOptions
            {
                MaxSendMessageBytes = 2 * Limits.PeerMessageBytes,
                SslOptions = new SslClientAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateContext = certificate is null
                        ? null
                        : SslStreamCertificateContext.Create(certificate, null, offline: true),
                    RemoteCertificateValidationCallback = (_, presented, _, _) =>
                        presented?.GetPublicKey().AsSpan().SequenceEqual(expected) == true,
                },
            });
    }
}
