// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {Proof} from "../src/TLProof.sol";
import {Base} from "./Base.sol";

/// @title Nonces stand 255 in a word; a word may be written before one of them is used.
contract WordsTest is Base {
    function setUp() external {
        _start(4);
    }

    function test_Mint_AtTheEndsOfWords_ConsumesThatNonceOnly() external {
        uint64[6] memory nonces = [uint64(510), 254, 255, 509, 1, 256];
        MintItem[] memory items = new MintItem[](nonces.length);
        for (uint256 i = 0; i < nonces.length; ++i) {
            items[i] = MintItem(nonces[i], ALICE, UNIT);
        }
        _mint(token, items, 6 * UNIT);
        _eq(token.balanceOf(ALICE), 6 * UNIT);
        for (uint64 nonce = 0; nonce < 1_030; ++nonce) {
            _true(bridge.isConsumed(nonce) == _isOneOf(nonce, nonces));
        }
    }

    function testFuzz_Mint_TwoNonces_AreConsumedAndNoOther(uint64 first, uint64 second, uint64 other)
        external
    {
        (first, second) = (first | 1, second % (uint64(first | 1)) + 1);
        vm.assume(first != second && other != first && other != second);
        MintItem[] memory items = new MintItem[](2);
        (items[0], items[1]) = (MintItem(first, ALICE, UNIT), MintItem(second, BOB, UNIT));
        _mint(token, items, 2 * UNIT);
        _true(bridge.isConsumed(first) && bridge.isConsumed(second) && !bridge.isConsumed(other));
    }

    function test_Prepare_ByAnybody_ConsumesNothingAndForgetsNothing() external {
        _mint(300, ALICE, UNIT, UNIT);
        vm.prank(NOBODY);
        bridge.prepareNonces(0, 50);
        bridge.prepareNonces(1, 1);
        for (uint64 nonce = 0; nonce < 1_030; ++nonce) {
            _true(bridge.isConsumed(nonce) == (nonce == 300));
        }
        _mint(301, BOB, UNIT, 2 * UNIT);
        _true(bridge.isConsumed(300) && bridge.isConsumed(301));
    }

    function test_Prepare_LastWords_ConsumesNothing() external {
        bridge.prepareNonces(type(uint64).max, 50);
        _true(!bridge.isConsumed(type(uint64).max));
        _mint(type(uint64).max, ALICE, UNIT, UNIT);
        _true(bridge.isConsumed(type(uint64).max));
    }

    function test_Prepare_NoneOrTooMany_Reverts() external {
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 0));
        bridge.prepareNonces(1, 0);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 51));
        bridge.prepareNonces(1, 51);
    }

    function test_Prepare_FromWithinABatch_Reverts() external {
        vm.etch(address(open), type(Preparer).runtimeCode);
        MintItem[] memory items = _item(3, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(open), items, SOON, UNIT));
        bridge.mintBatch(address(open), items, SOON, UNIT, proof);
        _true(bridge.isConsumed(3));
    }

    function _isOneOf(uint64 nonce, uint64[6] memory nonces) private pure returns (bool) {
        for (uint256 i = 0; i < nonces.length; ++i) {
            if (nonces[i] == nonce) return true;
        }
        return false;
    }
}

/// @title A token that prepares words while the bridge is minting: none that is listed does.
contract Preparer {
    function totalSupply() external pure returns (uint256) {
        return 0;
    }

    function crosschainMint(address, uint256) external {
        try TLBridge(msg.sender).prepareNonces(0, 1) {
            revert("prepared");
        } catch (bytes memory why) {
            require(bytes4(why) == TLBridge.Reentered.selector, "not refused");
        }
    }
}
