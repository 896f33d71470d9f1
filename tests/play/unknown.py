#!/usr/bin/env python3
"""A message of an unknown type: answered as the line of the reference that the environment names."""

import rig


def answer(scene, **settings):
    peer = scene.peer()
    scene.start(peer.section(), **settings)
    peer.establish(keep=False)
    peer.send(rig.bgp(255))
    while True:
        kind, body = peer.read()
        if kind == rig.NOTIFICATION:
            return body


def test_by_default_the_type_is_told(scene):
    rig.equal(answer(scene, api_version="0"), b"\x01\x03\xff")


def test_with_a_version_of_the_api_a_sentence_is(scene):
    rig.equal(answer(scene, api_version="4"), b'\x01\x00can not decode update message of type "255"')


rig.main([test_by_default_the_type_is_told, test_with_a_version_of_the_api_a_sentence_is])
