// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Node.Services;

/// <summary>Fields of requests, or the call fails with INVALID_ARGUMENT and a stable reason.</summary>
internal static class RequestFields
{
    public static Address Address(ByteString bytes, string field) => bytes.Length == Core.Address.Size
        ? new Address(bytes.Span)
        : throw Invalid($"{field} is {bytes.Length} bytes; an address has {Core.Address.Size}.");

    public static Hash256 Hash(ByteString bytes, string field) => bytes.Length == Hash256.Size
        ? new Hash256(bytes.Span)
        : throw Invalid($"{field} is {bytes.Length} bytes; a hash has {Hash256.Size}.");

    public static AssetId Asset(string text) => AssetId.TryParse(text, out AssetId id)
        ? id
        : throw Invalid("asset is not a symbol: 2 to 16 of A-Z, 0-9 and '-', a letter first.");

    /// <summary>The page size to use: 0 asks for the default, more than the most gets the most.</summary>
    public static int PageSize(uint asked) => asked == 0 ? 100 : (int)Math.Min(asked, Limits.PageRows);

    /// <summary>An opaque token of some bytes.</summary>
    public static string Token(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes of a token that we made.</summary>
    public static byte[] Token(string token, string field) =>
        TryToken(token) ?? throw Invalid($"{field} was not given out by this service.");

    /// <summary>
    /// The bytes of a token that we made; null when we did not. Only the spelling that we give out is ours:
    /// padding, white space and stray bits in the last letter would be other names of one place.
    /// </summary>
    public static byte[]? TryToken(string token)
    {
        const int MaxToken = 256;
        if (token.Length > MaxToken || !Base64Url.IsValid(token))
        {
            return null;
        }

        byte[] bytes = Base64Url.DecodeFromChars(token);
        return Token(bytes) == token ? bytes : null;
    }

    public static RpcException Invalid(string detail) =>
        ErrorModel.Failure(StatusCode.InvalidArgument, "INVALID_ARGUMENT", detail);

    public static RpcException NotFound(string reason, string detail) =>
        ErrorModel.Failure(StatusCode.NotFound, reason, detail);
}
