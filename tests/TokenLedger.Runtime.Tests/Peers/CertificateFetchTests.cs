// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Tests.Chain;
using TokenLedger.Runtime.Tests.Cluster;
using TokenLedger.Runtime.Tests.Consensus;

namespace TokenLedger.Runtime.Tests.Peers;

/// <summary>Certificates that a laggard asks for: what is answered, and what of an answer is used.</summary>
public sealed class CertificateFetchTests
{
    private static readonly View From = new(10);
    private static readonly View To = new(20);

    [Theory]
    [InlineData(9, VoteKind.Finalize, false)]
    [InlineData(9, VoteKind.Nullify, false)]
    [InlineData(10, VoteKind.Nullify, true)]
    [InlineData(20, VoteKind.Notarize, true)]
    [InlineData(21, VoteKind.Notarize, false)]
    [InlineData(21, VoteKind.Nullify, false)]
    [InlineData(21, VoteKind.Finalize, true)]
    public void Useful_Certificate_IsOfTheViewsAskedForOrAFinalizationAbove(
        ulong view, VoteKind kind, bool useful)
    {
        ByteString one = Encoded(view, kind);
        Assert.Equal(useful ? 1 : 0, PeerNetwork.Useful([one], From, To).Count());
    }

    [Fact]
    public void Useful_MoreThanAnHonestPeerSends_ReadsNoFurther()
    {
        IEnumerable<ByteString> answer = Enumerable.Repeat(
            Encoded(15, VoteKind.Nullify), SyncEndpoint.MaxCertificates);

        // What comes after them is not even decoded.
        Assert.Equal(
            SyncEndpoint.MaxCertificates,
            PeerNetwork.Useful(answer.Append(ByteString.CopyFrom([1])), From, To).Count());
    }

    [Fact]
    public void Useful_MalformedCertificate_IsAMalformedAnswer() => Assert.Throws<CanonicalFormatException>(
        () => PeerNetwork.Useful([ByteString.CopyFrom([1, 2, 3])], From, To).ToArray());

    [Fact]
    public async Task ListCertificates_OfEveryView_AnswersTheFirst256()
    {
        const ulong Views = 300;
        using var consensus = new DriverBench();
        using var chain = new ChainBench();
        for (ulong view = 1; view <= Views; view++)
        {
            var received = new CertificateReceived(0, consensus.Nullification(view));
            Assert.True(consensus.Driver.TryPost(0, received));
        }

        consensus.Next<ViewEntered>(entered => entered.View == new View(Views + 1));
        await using PeerServer server = await PeerServer.StartAsync(1);
        var peers = new PeerEndpoint(
            DriverBench.Validators, DriverBench.GenesisHash, server.Identity,
            new PeerBook(DriverBench.Validators, 0, TimeProvider.System), null!, NullLogger.Instance);
        server.Serve(peers, consensus.Endpoint(peers, chain.Ledger));
        using RpcChannel channel = server.Connect(0);
        ListCertificatesResponse response = await new SyncService.SyncServiceClient(channel)
            .ListCertificatesAsync(new ListCertificatesRequest { FromView = 1, ToView = ulong.MaxValue });
        Assert.Equal(SyncEndpoint.MaxCertificates, response.Certificates.Count);
        Assert.Equal(
            Bytes(consensus.Nullification((ulong)SyncEndpoint.MaxCertificates)), response.Certificates[^1]);
    }

    private static ByteString Encoded(ulong view, VoteKind kind)
    {
        var header = DriverBench.Header(view, DriverBench.GenesisBlock);
        Hash256 block = kind == VoteKind.Nullify ? default : header.Hash;
        return Bytes(new Signed(DriverBench.GenesisHash).Certify(
            DriverBench.Validators, new VoteSubject(kind, new Epoch(0), new View(view), block), 0, 1, 2));
    }

    private static ByteString Bytes(Certificate certificate)
    {
        var writer = new CanonicalWriter();
        certificate.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
