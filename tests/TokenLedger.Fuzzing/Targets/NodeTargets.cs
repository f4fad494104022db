// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Node.Services;
using TokenLedger.Storage;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>Tokens that a node gave out and gets back: each place has one.</summary>
internal static class NodeTargets
{
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        Token(
            "node.PageToken", "PageToken.Read",
            g => PageToken.Write(Listing.Assets, g.U64(), g.Bytes(1 + g.Below(60))),
            text => PageToken.Read(Listing.Assets, text) is var token
                ? (token.Height, token.LastKey.ToArray())
                : null,
            value =>
            {
                (ulong height, byte[] key) = ((ulong, byte[]))value;
                return PageToken.Write(Listing.Assets, height, key);
            }),
        Token(
            "node.PageNumber", "PageToken.ReadNumber",
            g => PageToken.Write(Listing.Blocks, g.U64(), g.U64()),
            text => PageToken.ReadNumber(Listing.Blocks, text) is ({ } height, { } number)
                ? (height, number)
                : null,
            value =>
            {
                (ulong height, ulong number) = ((ulong, ulong))value;
                return PageToken.Write(Listing.Blocks, height, number);
            }),
        Token(
            "node.HistoryToken", "HistoryToken.Read",
            g => HistoryToken.Write(new HistoryRow(new Height(g.U64()), g.U32(), g.U32())),
            text => HistoryToken.Read(text),
            value => HistoryToken.Write((HistoryRow)value)),
        Token(
            "node.EventCursor", "EventCursor.Read",
            g => new EventCursor(new Height(g.U64()), g.U32()).Write(Hash256.Zero),
            text => text.Length == 0 ? null : EventCursor.Read(text, Hash256.Zero),
            value => ((EventCursor)value).Write(Hash256.Zero)),
    ];

    private static FuzzTarget Token(
        string name, string covers, Func<CoreGenerator, string> sample, Func<string, object?> decode,
        Func<object, string> encode) => new()
        {
            Name = name,
            Shape = TokenShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(sample(g)),
            Decode = bytes => RpcTargets.OfText(bytes, decode),
            Encode = value => Encoding.UTF8.GetBytes(encode(value)),
            Declared = [typeof(RpcException)],
            Covers = [covers],
        };
}
