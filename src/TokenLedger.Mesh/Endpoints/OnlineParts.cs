// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;
using TokenLedger.Mesh.Blocks;
using TokenLedger.Mesh.Configuration;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>What stands behind the endpoints that ask the node.</summary>
internal sealed class OnlineParts : IDisposable
{
    public OnlineParts(MeshNetwork network, MeshOptions options, ILogger log)
    {
        var scheme = new Secp256k1Scheme();
        Node = new LedgerNode(options);
        Blocks = new BlockReader(network, Node, scheme, log);
        Assets = new AssetBook(network, Node, scheme);
    }

    public LedgerNode Node { get; }

    public BlockReader Blocks { get; }

    public AssetBook Assets { get; }

    /// <summary>What was handed in here and may still be pending.</summary>
    public SubmittedTransactions Submitted { get; } = new();

    public void Dispose()
    {
        Blocks.Dispose();
        Node.Dispose();
    }
}
