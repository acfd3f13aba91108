"""Addresses of coupons."""

from django.urls import path

from ripresa.console.coupons import files, given, pools

urlpatterns = [
    path("", pools.pool_list, name="coupons"),
    path("cap/", pools.cap, name="coupon-cap"),
    path("<uuid:pool_id>/", pools.pool, name="coupon-pool"),
    path("<uuid:pool_id>/mark/", pools.mark, name="coupon-mark"),
    path("<uuid:pool_id>/empty/", pools.empty, name="coupon-empty"),
    path("<uuid:pool_id>/given.csv", given.given_csv, name="coupon-given-csv"),
    path("<uuid:pool_id>/file/", files.bring, name="coupon-bring"),
    path("<uuid:pool_id>/file/<uuid:file_id>/", files.look, name="coupon-file"),
]
