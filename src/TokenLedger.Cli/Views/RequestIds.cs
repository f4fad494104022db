// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Views;

/// <summary>Request ids as UUIDs.</summary>
internal static class RequestIds
{
    public static RequestId New() => Of(new Guid(RandomNumberGenerator.GetBytes(Limits.RequestIdBytes)));

    public static RequestId Parse(string text) => Guid.TryParse(text, out Guid id) && id != Guid.Empty
        ? Of(id)
        : throw CliException.Usage(
            $"'{text}' is no request id.", next: "Write a UUID: 6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11");

    public static string Text(RequestId id) => new Guid(Bytes(id), bigEndian: true).ToString("D");

    public static ByteString Wire(RequestId id) => ByteString.CopyFrom(Bytes(id));

    private static RequestId Of(Guid id) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(id.ToByteArray(bigEndian: true)));

    private static byte[] Bytes(RequestId id)
    {
        byte[] bytes = new byte[Limits.RequestIdBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
    }
}
